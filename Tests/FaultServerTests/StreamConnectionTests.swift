// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing
import TritonClient

/// Streams on connections that break.
@Suite(.timeLimit(.minutes(1))) struct StreamConnectionTests {
  /// The answers' number and the error that a stream ends with, within 30 seconds.
  private func course(
    of request: InferenceRequest,
    timeout: Duration = .seconds(20),
    _ client: InferenceServerClient
  ) async throws -> (count: Int, error: InferenceError?) {
    try await ending(within: .seconds(30)) {
      var count = 0
      do {
        for try await answer in client.stream([request], options: .init(timeout: timeout)) {
          _ = try answer.get()
          count += 1
        }
      } catch let error as InferenceError {
        return (count, error)
      }
      return (count, nil)
    }.get()
  }

  @Test(arguments: [false, true])
  func aCutStreamIsAFailure(reset: Bool) async throws {
    try await FaultyRoute.with(["cut_answer_at": 500_000, "reset": .bool(reset), "connections": 1]) { route in
      let client = try route.client()
      let course = try await self.course(of: .zeros(10_000, faults: ["answers": 1_000]), client)
      // What had arrived and was not read yet may be lost with the connection.
      #expect((0..<51).contains(course.count))
      #expect(course.error?.code == .unavailable)
      #expect(course.error?.endpoint == route.url)
      try await client.waitUntilReady(timeout: .seconds(20))
      let again = try await self.course(of: .zeros(10_000, faults: ["answers": 100]), client)
      #expect(again.count == 100)
      #expect(again.error == nil)
    }
  }

  @Test func aServerThatGoesAwayEndsAnIdleStream() async throws {
    try await FaultyRoute.with { route in
      let client = try route.client()
      let (requests, continuation) = AsyncStream.makeStream(of: InferenceRequest.self)
      defer { continuation.finish() }
      continuation.yield(.echo())
      let task = Task {
        var count = 0
        for try await _ in client.stream(requests, options: .init(timeout: .seconds(20))) {
          count += 1
          try await route.change(listens: false, drops: true)
        }
        return count
      }
      let result = try await ending(of: task, within: slack)
      #expect((result.failure as? InferenceError)?.code == .unavailable)
    }
  }

  @Test func aStreamThatStallsEndsAtTheTimeout() async throws {
    try await FaultyRoute.with(["stall_answer_at": 500_000]) { route in
      let client = try route.client()
      let course = try await self.course(
        of: .zeros(10_000, faults: ["answers": 1_000]),
        timeout: .seconds(4),
        client
      )
      #expect((1..<51).contains(course.count))
      #expect(course.error?.code == .deadlineExceeded)
    }
  }

  @Test func anUploadThatStallsEndsAtTheTimeout() async throws {
    try await FaultyRoute.with { route in
      let client = try route.client()
      try await client.expectToWork()
      try await route.change(to: ["stall_upload_at": 500_000])
      let tensor = Tensor(Array(repeating: 1 as Float, count: 8 << 20))
      let course = try await self.course(of: .echo(["x": tensor]), timeout: .milliseconds(500), client)
      #expect(course.count == 0)
      #expect(course.error?.code == .deadlineExceeded)
    }
  }

  @Test func aPortWithoutAServerIsUnavailable() async throws {
    try await FaultyRoute.with { route in
      try await route.change(listens: false)
      let course = try await self.course(of: .echo(), try route.client())
      #expect(course.count == 0)
      #expect(course.error?.code == .unavailable)
    }
  }
}
