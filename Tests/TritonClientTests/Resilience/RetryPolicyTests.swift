// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing
import TritonClient

@Suite struct RetryPolicyTests {
  /// The pause after a failure that is retried unless something else is said.
  private func pause(
    _ policy: RetryPolicy,
    after attempt: Int = 1,
    code: InferenceError.Code = .unavailable,
    previous: Duration? = nil,
    pushback: RetryPushback? = nil,
    remaining: Duration = .seconds(99),
    _ random: inout FixedDraws
  ) -> Duration? {
    policy.pause(
      afterAttempt: attempt,
      failedWith: code,
      previousPause: previous,
      pushback: pushback,
      remaining: remaining,
      using: &random
    )
  }

  @Test func theLongestPauseGrowsUpToItsCap() {
    let policy = RetryPolicy.exponentialBackoff(
      initial: .milliseconds(100),
      multiplier: 3,
      cap: .seconds(1),
      maxAttempts: 9
    )
    let pauses = (1...5).map { policy.longestPause(afterAttempt: $0) / .milliseconds(1) }
    for (pause, expected) in zip(pauses, [100, 300, 900, 1000, 1000] as [Double]) {
      #expect(abs(pause - expected) < 1e-6)
    }
  }

  @Test func aHugeAttemptNumberDoesNotOverflow() {
    let policy = RetryPolicy.exponentialBackoff(cap: .seconds(5), maxAttempts: .max)
    #expect(policy.longestPause(afterAttempt: 1_000_000) == .seconds(5))
  }

  @Test func jitterCoversTheWholeRangeFromZero() {
    let policy = RetryPolicy.exponentialBackoff(initial: .seconds(1), cap: .seconds(8), maxAttempts: 10)
    var random = FixedDraws()
    let pauses = (0..<2_000).compactMap { _ in
      self.pause(policy, after: 3, &random).map { $0 / .seconds(1) }
    }
    #expect(pauses.count == 2_000)
    #expect(pauses.allSatisfy { (0...4).contains($0) })
    #expect(pauses.contains { $0 < 0.05 } && pauses.contains { $0 > 3.95 })
    #expect(abs(pauses.reduce(0, +) / 2_000 - 2) < 0.1)
  }

  @Test func theLastAttemptHasNoPauseAfterIt() {
    let policy = RetryPolicy.exponentialBackoff(maxAttempts: 2)
    var random = FixedDraws()
    #expect(self.pause(policy, after: 1, &random) != nil)
    #expect(self.pause(policy, after: 2, &random) == nil)
    #expect(RetryPolicy.never.maxAttempts == 1)
  }

  @Test(arguments: [
    InferenceError.Code.invalidArgument, .modelNotFound, .deadlineExceeded, .permissionDenied,
  ])
  func whatWillFailAgainIsNotRetried(code: InferenceError.Code) {
    var random = FixedDraws()
    #expect(self.pause(.exponentialBackoff(), code: code, &random) == nil)
    #expect(self.pause(.exponentialBackoff(), code: code, pushback: .after(.zero), &random) == nil)
  }

  @Test func aPauseThatReachesTheDeadlineIsNotTaken() {
    let policy = RetryPolicy.exponentialBackoff(initial: .seconds(1), maxAttempts: 3)
    var random = FixedDraws()
    let pauses = (0..<200).map { _ in self.pause(policy, remaining: .milliseconds(500), &random) }
    #expect(pauses.contains(nil))
    #expect(pauses.allSatisfy { $0.map { $0 < .milliseconds(500) } ?? true })
  }

  @Test func nonsenseIsClamped() {
    let policy = RetryPolicy.exponentialBackoff(
      initial: .seconds(-1),
      multiplier: 0,
      cap: .seconds(-2),
      maxAttempts: 0
    )
    #expect(policy.maxAttempts == 1)
    #expect(policy.longestPause(afterAttempt: 3) == .zero)
  }

  @Test func whatIsNoNumberGrowsNothing() {
    let policy = RetryPolicy.exponentialBackoff(initial: .seconds(1), multiplier: .nan, maxAttempts: 4)
    #expect(policy.longestPause(afterAttempt: 3) == .seconds(1))
  }

  // MARK: Decorrelated jitter

  @Test func jitterIsFullUnlessSet() {
    #expect(RetryPolicy.exponentialBackoff().jitter == .full)
    #expect(RetryPolicy.exponentialBackoff() != .exponentialBackoff(jitter: .decorrelated))
  }

  @Test func aDecorrelatedPauseIsDrawnFromTheInitialOneToThreeTimesTheOneBefore() {
    let policy = RetryPolicy.exponentialBackoff(
      initial: .seconds(1),
      cap: .seconds(60),
      jitter: .decorrelated,
      maxAttempts: 9
    )
    var random = FixedDraws()
    for (previous, most) in [(nil, 3), (.seconds(5), 15), (.zero, 3)] as [(Duration?, Double)] {
      let pauses = (0..<2_000).compactMap { _ in
        self.pause(policy, after: 4, previous: previous, &random).map { $0 / .seconds(1) }
      }
      #expect(pauses.count == 2_000)
      #expect(pauses.allSatisfy { (1...most).contains($0) })
      let span = most - 1
      #expect(pauses.contains { $0 < 1 + span / 50 } && pauses.contains { $0 > most - span / 50 })
      #expect(abs(pauses.reduce(0, +) / 2_000 - (1 + most) / 2) < span / 20)
    }
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func aWalkOfDecorrelatedPausesStaysInItsBounds(seed: UInt64) {
    let policy = RetryPolicy.exponentialBackoff(
      initial: .milliseconds(100),
      cap: .seconds(5),
      jitter: .decorrelated,
      maxAttempts: .max
    )
    var random = FixedDraws(seed: seed)
    var previous: Duration?
    var largest = Duration.zero
    for attempt in 1...200 {
      guard let pause = self.pause(policy, after: attempt, previous: previous, &random) else {
        Issue.record("no pause after attempt \(attempt)")
        return
      }
      #expect(pause >= .milliseconds(100) - .nanoseconds(1) && pause <= .seconds(5))
      #expect(pause <= (previous ?? .milliseconds(100)) * 3 + .nanoseconds(1))
      largest = max(largest, pause)
      previous = pause
    }
    #expect(largest == .seconds(5))
  }

  @Test func aCapBelowTheInitialPauseCounts() {
    let policy = RetryPolicy.exponentialBackoff(initial: .seconds(9), cap: .seconds(2), jitter: .decorrelated)
    var random = FixedDraws()
    #expect(self.pause(policy, &random) == .seconds(2))
  }

  // MARK: What the server says

  @Test func theServersTimeIsTakenExactly() {
    var random = FixedDraws()
    for jitter in [RetryPolicy.Jitter.full, .decorrelated] {
      let policy = RetryPolicy.exponentialBackoff(cap: .milliseconds(1), jitter: jitter)
      for code in RetryPolicy.transientCodes {
        #expect(self.pause(policy, code: code, pushback: .after(.seconds(7)), &random) == .seconds(7))
      }
      #expect(self.pause(policy, pushback: .after(.zero), &random) == .zero)
    }
  }

  @Test func theServersTimeIsBoundByTheDeadlineAndTheAttempts() {
    let policy = RetryPolicy.exponentialBackoff(maxAttempts: 2)
    var random = FixedDraws()
    let pushback = RetryPushback.after(.seconds(7))
    #expect(self.pause(policy, pushback: pushback, remaining: .seconds(7), &random) == nil)
    #expect(self.pause(policy, pushback: pushback, remaining: .seconds(8), &random) == .seconds(7))
    #expect(self.pause(policy, after: 2, pushback: pushback, &random) == nil)
  }

  @Test func aServerThatWantsNoOtherAttemptGetsNone() {
    var random = FixedDraws()
    #expect(self.pause(.exponentialBackoff(), pushback: .never, &random) == nil)
  }
}
