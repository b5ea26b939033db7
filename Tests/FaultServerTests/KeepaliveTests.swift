// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing

@testable import TritonClient

/// Connections on which nothing comes any more and that do not end.
@Suite(.timeLimit(.minutes(1))) struct KeepaliveTests {
  private static let keepalive = Keepalive(interval: .seconds(1), timeout: .milliseconds(500))

  /// Interval and timeout, and time for a machine that is busy: the calls have 25 seconds.
  private static let limit = KeepaliveTests.keepalive.interval + KeepaliveTests.keepalive.timeout + slack

  /// Starts a call that would take half a minute, has the connection stall some time after the server began to work
  /// on it, and returns how the call ended and how long after that.
  private func endingOfAStalledCall(
    _ stall: [String: InferenceParameter],
    after pause: Duration = .zero,
    keepalive: Keepalive?,
    timeout: Duration
  ) async throws -> (failed: FailedStatus, time: Duration) {
    try await FaultyRoute.with { route in
      let channel = try GRPCChannel.to(route.url, keepalive: keepalive)
      let id = uniqueID("stalled")
      let task = Task { try await channel.health(["id": id, "delay_ms": "30000"], timeout: timeout) }
      try await FaultServer.client().waitUntilRunning(id)
      try await Task.sleep(for: pause)
      try await route.change(to: stall)
      let clock = ContinuousClock()
      let begin = clock.now
      let outcome = try await ending(of: task, within: timeout + slack).get()
      return (try #require(outcome.failure), clock.now - begin)
    }
  }

  @Test(arguments: ["stall_answer_at", "stall_upload_at"])
  func aConnectionThatStallsIsNoticed(place: String) async throws {
    let (failed, time) = try await self.endingOfAStalledCall(
      [place: 0],
      keepalive: KeepaliveTests.keepalive,
      timeout: .seconds(25)
    )
    #expect(failed.status.code == .unavailable, "\(failed)")
    #expect(time < KeepaliveTests.limit, "\(time)")
  }

  /// Left to itself gRPC asks twice and then no more before the next request.
  @Test func aConnectionThatStallsLateInALongCallIsNoticed() async throws {
    let (failed, time) = try await self.endingOfAStalledCall(
      ["stall_answer_at": 0],
      after: .milliseconds(4_500),
      keepalive: KeepaliveTests.keepalive,
      timeout: .seconds(25)
    )
    #expect(failed.status.code == .unavailable, "\(failed)")
    #expect(time < KeepaliveTests.limit, "\(time)")
  }

  @Test func withoutKeepaliveTheCallWaitsForItsDeadline() async throws {
    let (failed, _) = try await self.endingOfAStalledCall(
      ["stall_answer_at": 0],
      keepalive: nil,
      timeout: .seconds(5)
    )
    #expect(failed.status.code == .deadlineExceeded)
  }

  @Test func aSlowServerThatAnswersPingsIsLeftInPeace() async throws {
    let keepalive = Keepalive(interval: .seconds(1), timeout: .seconds(15))
    let channel = try GRPCChannel.to(try await FaultServer.url(), keepalive: keepalive)
    #expect(try await channel.health(["delay_ms": "4500"]).failure == nil)
  }

  @Test func anIdleConnectionIsWatchedWhereThatIsWanted() async throws {
    try await FaultyRoute.with { route in
      let keepalive = Keepalive(interval: .seconds(1), timeout: .milliseconds(500), withoutCalls: true)
      let channel = try GRPCChannel.to(route.url, keepalive: keepalive)
      #expect(try await channel.health().failure == nil)
      var states = channel.states().makeAsyncIterator()
      #expect(await states.next() == .ready)
      try await route.change(to: ["stall_answer_at": 0])
      let clock = ContinuousClock()
      let begin = clock.now
      #expect(await states.next() == .idle)
      #expect(clock.now - begin < KeepaliveTests.limit)
    }
  }
}
