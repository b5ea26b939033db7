// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing
import TritonClient

/// Streams on a real server, with the models of Tests/IntegrationTests/models.
@Suite struct StreamTests {
  private func client() async throws -> InferenceServerClient {
    try InferenceServerClient(try await TestServer.url())
  }

  private func countdown(from count: Int32, id: String = "") -> InferenceRequest {
    InferenceRequest(model: "countdown", id: id, inputs: ["COUNT": Tensor([count])])
  }

  private func values(_ part: StreamedResponse) throws -> [Int32] {
    let response = try part.get()
    return response.outputs.isEmpty ? [] : try response.output("LEFT").array(of: Int32.self)
  }

  @Test func aModelAnswersAnyNumberOfTimes() async throws {
    var values: [String: [Int32]] = [:]
    var finals: [String] = []
    for try await part in try await self.client().stream([
      self.countdown(from: 3, id: "three"), self.countdown(from: 0, id: "none"),
      self.countdown(from: 1, id: "one"),
    ]) {
      values[part.requestID, default: []] += try self.values(part)
      if part.isFinal { finals.append(part.requestID) }
    }
    #expect(values["three"] == [3, 2, 1])
    #expect(values["one"] == [1])
    #expect(values["none"] == [])
    #expect(finals.sorted() == ["none", "one", "three"])
  }

  @Test func requestsWithoutAnIdentifierGetOne() async throws {
    var identifiers: Set<String> = []
    for try await part in try await self.client().stream([self.countdown(from: 1), self.countdown(from: 1)]) {
      identifiers.insert(part.requestID)
    }
    #expect(identifiers == ["1", "2"])
  }

  @Test func aRequestThatFailsDoesNotEndTheStream() async throws {
    var failures: [String] = []
    var values: [Int32] = []
    for try await part in try await self.client().stream([
      self.countdown(from: -1, id: "bad"), self.countdown(from: 2, id: "good"),
    ]) {
      switch part.result {
      case .success: if part.requestID == "good" { values += try self.values(part) }
      case .failure(let error): failures.append("\(part.requestID): \(error.message)")
      }
    }
    #expect(values == [2, 1])
    #expect(failures.count == 1)
    #expect(failures.first?.hasPrefix("bad: ") == true)
    #expect(failures.first?.contains("cannot count down from -1") == true)
  }

  @Test func aRequestThatDoesNotFitEndsTheStreamWithTheSignature() async throws {
    let wrong = InferenceRequest(model: "countdown", inputs: ["COUNT": Tensor([1 as Float])])
    let client = try await self.client()
    await #expect {
      for try await _ in client.stream([wrong]) {}
    } throws: { error in
      (error as? InferenceError)?.code == .typeMismatch
    }
  }

  @Test func sequencesKeepTheirSumsApart() async throws {
    func request(_ sequence: UInt64, _ value: Int32, start: Bool = false, end: Bool = false) throws
      -> InferenceRequest
    {
      var request = InferenceRequest(
        model: "accumulate",
        id: "\(value)",
        inputs: ["VALUE": try Tensor([value], shape: [1, 1])]
      )
      request.sequence = SequenceMembership(id: .integer(sequence), isStart: start, isEnd: end)
      return request
    }
    var sums: [String: Int32] = [:]
    for try await part in try await self.client().stream([
      request(1, 1, start: true), request(.max, 100, start: true), request(1, 2), request(.max, 200),
      request(1, 3, end: true), request(.max, 300, end: true),
    ]) {
      sums[part.requestID] = try part.get().output("SUM").array(of: Int32.self).first
    }
    #expect(sums == ["1": 1, "2": 3, "3": 6, "100": 100, "200": 300, "300": 600])
  }

  @Test func leavingTheLoopEndsTheStream() async throws {
    let client = try await self.client()
    for try await part in client.stream([self.countdown(from: 20_000)]) {
      #expect(try self.values(part) == [20_000])
      break
    }
    var rest: [Int32] = []
    for try await part in client.stream([self.countdown(from: 2)]) { rest += try self.values(part) }
    #expect(rest == [2, 1])
  }

  @Test func cancellingTheTaskEndsTheStream() async throws {
    let client = try await self.client()
    let (requests, continuation) = AsyncStream.makeStream(of: InferenceRequest.self)
    continuation.yield(self.countdown(from: 1))
    let task = Task {
      var count = 0
      for try await _ in client.stream(requests) { count += 1 }
      return count
    }
    try await Task.sleep(for: .milliseconds(300))
    task.cancel()
    await #expect(throws: CancellationError.self) { _ = try await task.value }
  }

  @Test func silenceEndsAtTheTimeout() async throws {
    let client = try await self.client()
    let (requests, continuation) = AsyncStream.makeStream(of: InferenceRequest.self)
    defer { continuation.finish() }
    await #expect {
      for try await _ in client.stream(requests, options: .init(timeout: .milliseconds(200))) {}
    } throws: { error in
      (error as? InferenceError)?.code == .deadlineExceeded
    }
  }

  @Test func aDeadServerIsAnErrorNotAnEnd() async throws {
    let client = try InferenceServerClient(
      "grpc://127.0.0.1:9", configuration: .init(validatesRequests: false))
    await #expect {
      for try await _ in client.stream([self.countdown(from: 1)]) {}
    } throws: { error in
      (error as? InferenceError)?.code == .unavailable
    }
  }
}
