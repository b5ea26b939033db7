// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing
import TritonClient

/// Streams whose answers or whose end is not as it should be.
@Suite(.timeLimit(.minutes(1))) struct StreamFaultTests {
  /// What a stream gave, and how it ended.
  struct Course: Sendable {
    var answers: [StreamedResponse] = []
    var failure: (any Error)?

    var error: InferenceError? { self.failure as? InferenceError }
    var values: [[Float]] {
      self.answers.compactMap { try? $0.get().output("x").array(of: Float.self) }
    }
  }

  /// Reads a stream to its end, which has to come in time. The client has to work afterwards.
  private func course(
    of requests: [InferenceRequest],
    options: CallOptions = .init(timeout: .seconds(20)),
    client: InferenceServerClient? = nil
  ) async throws -> Course {
    let client =
      if let client { client } else { try await FaultServer.client() }
    let ending = try await FaultServerTests.ending(within: .seconds(30)) {
      var course = Course()
      do {
        for try await answer in client.stream(requests, options: options) { course.answers.append(answer) }
      } catch {
        course.failure = error
      }
      return course
    }
    try await client.expectToWork()
    return try ending.get()
  }

  @Test(arguments: [1, 2, 100])
  func theLastAnswerIsTheFinalOne(count: Int) async throws {
    let course = try await self.course(of: [.echo(id: "a", faults: ["answers": .int(Int64(count))])])
    #expect(course.failure == nil)
    #expect(course.answers.map(\.isFinal) == Array(repeating: false, count: count - 1) + [true])
    #expect(course.values == Array(repeating: [1, 2, 3, 4], count: count))
    #expect(course.answers.allSatisfy { $0.requestID == "a" })
  }

  @Test func noAnswerIsAFinalOneWithoutOutputs() async throws {
    let course = try await self.course(of: [.echo(id: "a", faults: ["answers": 0]), .echo(id: "b")])
    #expect(course.failure == nil)
    #expect(course.answers.map(\.requestID) == ["a", "b"])
    #expect(course.answers.map(\.isFinal) == [true, true])
    #expect(try course.answers.first?.get().outputs.isEmpty == true)
  }

  @Test func aFloodIsReadInFull() async throws {
    let client = try await FaultServer.client(.sentOnce)
    let course = try await self.course(of: [.echo(faults: ["answers": 2_000])], client: client)
    #expect(course.failure == nil)
    #expect(course.answers.count == 2_000)
    #expect(course.answers.last?.isFinal == true)
  }

  @Test func aFloodThatNobodyReadsWaitsAtTheServer() async throws {
    try await FaultyRoute.with { route in
      let client = try route.client()
      let flood = InferenceRequest.zeros(100_000, faults: ["answers": 100_000])
      let iterator = client.stream([flood]).makeAsyncIterator()
      let first = try await iterator.next()
      #expect(try first?.get().output("OUTPUT").byteCount == 100_000)
      var before = 0
      for _ in 0..<50 {
        let now = try await route.report().answered
        if now == before { break }
        before = now
        try await Task.sleep(for: .milliseconds(300))
      }
      // Ten gigabytes are on offer; what has come is what the windows of gRPC and of the sockets hold.
      #expect(before < 64 << 20)
      #expect(try await route.report().answered == before)
      #expect(try await iterator.next()?.isFinal == false)
      try await client.expectToWork()
    }
  }

  @Test func leavingTheLoopEndsTheFlood() async throws {
    let client = try await FaultServer.client(.sentOnce)
    let id = uniqueID("flood")
    for try await _ in client.stream([.echo(id: id, faults: ["answers": 1_000_000_000])]) { break }
    #expect(try await client.settledCalls(of: id) == .oneCancelled)
  }

  @Test func cancellingTheTaskEndsTheFlood() async throws {
    let client = try await FaultServer.client(.sentOnce)
    let id = uniqueID("flood")
    let task = Task {
      var count = 0
      for try await _ in client.stream([.echo(id: id, faults: ["answers": 1_000_000_000])]) { count += 1 }
      return count
    }
    try await FaultServer.client().waitUntilRunning(id)
    task.cancel()
    let result = try await ending(of: task, within: slack)
    #expect(result.failure is CancellationError)
    #expect(try await client.settledCalls(of: id) == .oneCancelled)
    try await client.expectToWork()
  }

  @Test func aStatusAtTheStartIsTheEnd() async throws {
    let course = try await self.course(
      of: [.echo()],
      options: .faults(["at_start": "true", "code": "14", "message": "the reason 7"])
    )
    #expect(course.answers.isEmpty)
    #expect(course.error?.code == .unavailable)
    #expect(course.error?.message.contains("ModelStreamInfer") == true)
    #expect(course.error?.message.contains("the reason 7") == true)
    #expect(course.error?.status?.message == "the reason 7")
  }

  @Test(arguments: [0, 1, 3])
  func aStatusAfterAnswersEndsTheStream(count: Int) async throws {
    let course = try await self.course(of: [
      .echo(id: "a", faults: ["answers": .int(Int64(count)), "code": 13, "message": "the reason 7"]),
      .echo(id: "b"),
    ])
    #expect(course.values.count == count)
    #expect(course.answers.allSatisfy { $0.requestID == "a" })
    #expect(course.error?.code == .internalError)
    #expect(course.error?.message.contains("the reason 7") == true)
  }

  /// The server says that all is well, and has not answered.
  @Test func anEndWithoutAnAnswerIsAFailure() async throws {
    let course = try await self.course(of: [.echo()], options: .faults(["at_start": "true", "code": "0"]))
    #expect(course.answers.isEmpty)
    #expect(course.error != nil)
  }

  @Test(arguments: [0, 2])
  func silenceEndsAtTheTimeout(count: Int) async throws {
    let client = try await FaultServer.client()
    let id = uniqueID("silent")
    let clock = ContinuousClock()
    let begin = clock.now
    let course = try await self.course(
      of: [.echo(id: id, faults: ["answers": .int(Int64(count)), "final": "false", "hangs": true])],
      options: .init(timeout: .seconds(3)),
      client: client
    )
    #expect(course.values.count == count)
    #expect(course.error?.code == .deadlineExceeded)
    #expect(clock.now - begin >= .seconds(3))
    #expect(clock.now - begin < .seconds(3) + slack)
    #expect(try await client.settledCalls(of: id) == .oneCancelled)
  }

  @Test func theTimeoutCountsForEachAnswer() async throws {
    let course = try await self.course(
      of: [.echo(faults: ["answers": 4, "delay_ms": 3_000])],
      options: .init(timeout: .seconds(10))
    )
    #expect(course.failure == nil)
    #expect(course.values.count == 4)
  }

  @Test(arguments: [("true", true), ("absent", true), ("false", false)])
  func anErrorOfARequestDoesNotEndTheStream(flag: String, isFinal: Bool) async throws {
    let course = try await self.course(of: [
      .echo(id: "bad", faults: ["error_message": "the reason 7", "final": .string(flag)]), .echo(id: "good"),
    ])
    #expect(course.failure == nil)
    #expect(course.answers.map(\.requestID) == ["bad", "good"])
    let bad = try #require(course.answers.first)
    #expect(bad.isFinal == isFinal)
    let error = try #require(throws: InferenceError.self) { try bad.get() }
    #expect(error.message.contains("the reason 7"))
    #expect(course.values == [[1, 2, 3, 4]])
  }

  @Test func anUnknownModelDoesNotEndTheStream() async throws {
    let course = try await self.course(of: [InferenceRequest(model: "ehco", id: "bad"), .echo(id: "good")])
    #expect(course.failure == nil)
    #expect(course.answers.map(\.requestID) == ["bad", "good"])
    let error = try #require(throws: InferenceError.self) { try course.answers.first?.get() }
    #expect(error.code == .modelNotFound)
    #expect(error.message.contains("'ehco'"))
    #expect(course.answers.first?.isFinal == true)
  }

  @Test(
    arguments: [
      ["appended_hex": "ff"], ["keep_bytes": -1], ["prepended_hex": "0b"], ["shape": "5"], ["added_bytes": 1],
      ["added_contents": 1], ["data_type": "FP99"],
    ] as [[String: InferenceParameter]])
  func aMalformedAnswerIsNamed(fault: [String: InferenceParameter]) async throws {
    let client = try await FaultServer.client(.sentOnce)
    let id = uniqueID("malformed")
    let course = try await self.course(
      of: [.echo(id: id, faults: fault.merging(["answers": 1_000_000]) { $1 })],
      client: client
    )
    #expect(course.error?.code == .malformedResponse)
    // The server is told to stop.
    #expect(try await client.settledCalls(of: id) == .oneCancelled)
  }

  @Test func anEmptyMessageIsMalformed() async throws {
    let course = try await self.course(of: [.echo(faults: ["replaced_hex": ""])])
    let error = course.error ?? course.answers.first?.result.failure
    #expect(error?.code == .malformedResponse)
  }

  @Test func anAnswerOverTheLimitEndsTheStream() async throws {
    let client = try await FaultServer.client(
      .init(maximumResponseByteCount: 10_000, validatesRequests: false)
    )
    let course = try await self.course(of: [.zeros(1_000), .zeros(100_000)], client: client)
    #expect(course.answers.count == 1)
    #expect(course.error?.code == .responseTooLarge)
  }

  @Test func manyStreamsOfOneClientKeepApart() async throws {
    let client = try await FaultServer.client(.sentOnce)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<50 {
        group.addTask {
          let tensor = Tensor([Float(number)])
          var count = 0
          for try await answer in client.stream([.echo(["x": tensor], faults: ["answers": 20])]) {
            #expect(try answer.get().output("x").array(of: Float.self) == [Float(number)])
            count += 1
          }
          #expect(count == 20)
        }
      }
      try await group.waitForAll()
    }
  }
}
