// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing
import TritonClient

/// Connections that break, through the proxy in front of the server.
@Suite(.timeLimit(.minutes(1))) struct ConnectionFaultTests {
  private static let mebibyte = 1 << 20

  /// How calls end whose answer's frames are wrong.
  private static let codesOfGarbledConnections: Set<InferenceError.Code> = [
    .unavailable, .internalError, .resourceExhausted, .deadlineExceeded, .malformedResponse, .cancelled,
  ]

  private func retrying(_ maxAttempts: Int) -> InferenceServerClient.Configuration {
    .init(
      retry: .exponentialBackoff(
        initial: .milliseconds(300),
        cap: .milliseconds(300),
        maxAttempts: maxAttempts
      ),
      validatesRequests: false
    )
  }

  @Test func aConnectionWithoutFaultsPasses() async throws {
    try await FaultyRoute.with { route in
      let client = try route.client()
      let answer = try await client.ending(of: .zeros(5 << 20), timeout: .seconds(20)).get()
      #expect(try answer.output("OUTPUT").byteCount == 5 << 20)
      let report = try await route.report()
      #expect(report.accepted == 1)
      #expect(report.open == 1)
      #expect(report.answered > 5 << 20)
      #expect((1..<10_000).contains(report.uploaded))
    }
  }

  /// 0 and 5 are within the connection's settings, 60 before the answer, the others within it.
  @Test(arguments: [0, 5, 60, 300, 20_000, 70_000, 500_000, 1_000_000], [false, true])
  func anAnswerIsCutAnywhere(position: Int, reset: Bool) async throws {
    try await FaultyRoute.with(["cut_answer_at": .int(Int64(position)), "reset": .bool(reset)]) { route in
      let client = try route.client()
      let ending = try await client.ending(of: .zeros(ConnectionFaultTests.mebibyte), timeout: .seconds(20))
      let error = try #require(ending.failure)
      // A connection that is cut before it is one is tried again until the time is over.
      #expect(error.code == .unavailable || (position < 60 && error.code == .deadlineExceeded), "\(error)")
      #expect(error.endpoint == route.url)
      try await route.change()
      try await client.waitUntilReady(timeout: .seconds(20))
      try await client.expectToWork()
    }
  }

  @Test(arguments: [0, 10, 200, 20_000, 70_000, 1_000_000], [false, true])
  func anUploadIsCutAnywhere(position: Int, reset: Bool) async throws {
    try await FaultyRoute.with(["cut_upload_at": .int(Int64(position)), "reset": .bool(reset)]) { route in
      let client = try route.client()
      let tensor = Tensor(Array(repeating: 1 as UInt8, count: ConnectionFaultTests.mebibyte))
      let ending = try await client.ending(of: .echo(["x": tensor]), timeout: .seconds(20))
      let error = try #require(ending.failure)
      #expect(error.code == .unavailable || (position < 60 && error.code == .deadlineExceeded), "\(error)")
      try await route.change()
      try await client.waitUntilReady(timeout: .seconds(20))
      try await client.expectToWork()
    }
  }

  @Test(arguments: ["cut_answer_at", "cut_upload_at"])
  func aCutCallIsSentAgain(place: String) async throws {
    try await FaultyRoute.with([place: 300_000, "connections": 2]) { route in
      let client = try route.client(self.retrying(4))
      let bytes = (0..<ConnectionFaultTests.mebibyte).map { UInt8(truncatingIfNeeded: $0 &* 7) }
      let request = InferenceRequest.echo(["x": Tensor(bytes)], id: uniqueID("cut"))
      let answer = try await client.ending(of: request, timeout: .seconds(20)).get()
      #expect(try answer.output("x").array(of: UInt8.self) == bytes)
      #expect(try await route.report().accepted == 3)
      // An upload that was cut never became a request.
      #expect(answer.parameters["attempt"]?.number == (place == "cut_answer_at" ? 3 : 1))
    }
  }

  @Test func aRefusedConnectionIsUnavailable() async throws {
    try await FaultyRoute.with(["refuse": true]) { route in
      let client = try route.client()
      let error = try #require(try await client.ending(of: .echo(), timeout: .seconds(20)).failure)
      #expect([.unavailable, .deadlineExceeded].contains(error.code), "\(error)")
      #expect(error.endpoint == route.url)
    }
  }

  @Test func aPortWithoutAServerIsUnavailable() async throws {
    try await FaultyRoute.with { route in
      try await route.change(listens: false)
      let client = try route.client()
      let error = try #require(try await client.ending(of: .echo(), timeout: .seconds(20)).failure)
      #expect(error.code == .unavailable)
      #expect(error.message.contains("check that the server runs"))
    }
  }

  @Test func aServerThatSpeaksAnotherProtocolIsUnavailable() async throws {
    let page = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    try await FaultyRoute.with(["says": .string(page)]) { route in
      let client = try route.client()
      let error = try #require(try await client.ending(of: .echo(), timeout: .seconds(20)).failure)
      #expect([.unavailable, .deadlineExceeded].contains(error.code), "\(error)")
      #expect(error.endpoint == route.url)
    }
  }

  @Test(arguments: [0, 60, 500_000])
  func anAnswerThatStallsEndsAtTheDeadline(position: Int) async throws {
    try await FaultyRoute.with(["stall_answer_at": .int(Int64(position))]) { route in
      let client = try route.client()
      let ending = try await client.ending(
        of: .zeros(ConnectionFaultTests.mebibyte),
        timeout: .milliseconds(500)
      )
      #expect(ending.failure?.code == .deadlineExceeded)
    }
  }

  /// Runs `body` on a way to the server on which 32 MiB have passed, so that the server allows as many to be on
  /// their way at a time, and on which nothing is taken any more: the sockets' buffers hold less.
  private func withStalledUpload(
    _ body: (FaultyRoute, InferenceServerClient, InferenceRequest) async throws -> Void
  ) async throws {
    try await FaultyRoute.with { route in
      let client = try route.client()
      let request = InferenceRequest.echo(["x": Tensor(Array(repeating: 1 as Float, count: 8 << 20))])
      _ = try await client.ending(of: request, timeout: .seconds(20)).get()
      try await route.change(to: ["stall_upload_at": 500_000])
      try await body(route, client, request)
    }
  }

  @Test func anUploadThatStallsEndsAtTheDeadline() async throws {
    try await self.withStalledUpload { _, client, request in
      let ending = try await client.ending(of: request, timeout: .milliseconds(500))
      #expect(ending.failure?.code == .deadlineExceeded)
    }
  }

  @Test func anUploadThatStallsEndsWhenItIsCancelled() async throws {
    try await self.withStalledUpload { route, client, request in
      let before = try await route.report().uploaded
      let task = Task { try await client.infer(request, timeout: .seconds(50)) }
      while try await route.report().uploaded < before + 400_000 {
        try await Task.sleep(for: .milliseconds(10))
      }
      try await Task.sleep(for: .milliseconds(500))
      task.cancel()
      #expect(try await FaultServerTests.ending(of: task, within: slack).failure is CancellationError)
    }
  }

  @Test func aSlowConnectionIsSlow() async throws {
    try await FaultyRoute.with(["latency_ms": 60]) { route in
      let client = try route.client()
      _ = try await client.ending(of: .echo(), timeout: .seconds(20)).get()
      let clock = ContinuousClock()
      let begin = clock.now
      _ = try await client.ending(of: .echo(), timeout: .seconds(20)).get()
      #expect(clock.now - begin >= .milliseconds(120))
      let error = try #require(try await client.ending(of: .echo(), timeout: .milliseconds(50)).failure)
      #expect(error.code == .deadlineExceeded)
    }
  }

  @Test func aByteThatIsWrongIsAFailureOrAnotherAnswer() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for position in Array(0..<40) + stride(from: 40, to: 400, by: 12) {
        group.addTask {
          try await FaultyRoute.with(["corrupt_answer_at": .int(Int64(position))]) { route in
            let client = try route.client()
            let ending = try await client.ending(of: .zeros(1_000), timeout: .seconds(1))
            if let error = ending.failure {
              let codes = ConnectionFaultTests.codesOfGarbledConnections
              #expect(codes.contains(error.code), "byte \(position): \(error)")
            }
          }
        }
      }
      try await group.waitForAll()
    }
  }

  @Test func allCallsOfABrokenConnectionEnd() async throws {
    try await FaultyRoute.with { route in
      let client = try route.client()
      try await client.expectToWork()
      let ids = (0..<32).map { uniqueID("call \($0)") }
      let calls = ids.map { id in
        Task { try await client.infer(.echo(id: id, faults: ["delay_ms": 30_000]), timeout: .seconds(50)) }
      }
      for id in ids { try await FaultServer.client().waitUntilRunning(id) }
      try await route.change(drops: true)
      for call in calls {
        let error = try await ending(of: call, within: slack).failure as? InferenceError
        #expect(error?.code == .unavailable)
      }
      try await client.waitUntilReady(timeout: .seconds(20))
      try await client.expectToWork()
    }
  }

  @Test func aServerThatComesBackIsFound() async throws {
    try await FaultyRoute.with { route in
      let client = try route.client()
      try await client.expectToWork()
      try await route.change(listens: false, drops: true)
      let error = try #require(try await client.ending(of: .echo(), timeout: .seconds(20)).failure)
      #expect(error.code == .unavailable)
      try await route.change()
      try await client.waitUntilReady(timeout: .seconds(20), interval: .milliseconds(20))
      try await client.expectToWork()
    }
  }

  @Test(arguments: [Compression.gzip, .deflate])
  func requestsAreCompressedOnTheWire(compression: Compression) async throws {
    try await FaultyRoute.with { route in
      let client = try route.client()
      let tensor = Tensor(Array(repeating: 1 as Float, count: ConnectionFaultTests.mebibyte))
      let request = InferenceRequest.echo(["x": tensor], faults: ["compression": "gzip"])
      _ = try await client.infer(request, timeout: .seconds(20), options: .init(compression: compression))
      let packed = try await route.report()
      #expect(packed.uploaded < 200_000)
      #expect(packed.answered < 200_000)
      _ = try await client.infer(request, timeout: .seconds(20))
      #expect(try await route.report().uploaded > 4 << 20)
    }
  }
}
