// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing
import TritonClient

@Suite struct RetryPolicyTests {
  /// Gives the largest or the smallest draw, whatever the range.
  struct Extreme: RandomNumberGenerator {
    let value: UInt64
    func next() -> UInt64 { self.value }
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

  @Test func jitterCoversTheWholeRangeFromZero() throws {
    let policy = RetryPolicy.exponentialBackoff(initial: .seconds(1), cap: .seconds(8), maxAttempts: 10)
    var smallest = Extreme(value: 0)
    var largest = Extreme(value: .max)
    let low = policy.pause(
      afterAttempt: 3, failedWith: .unavailable, remaining: .seconds(99), using: &smallest)
    let high = policy.pause(
      afterAttempt: 3, failedWith: .unavailable, remaining: .seconds(99), using: &largest)
    #expect(low == .zero)
    #expect(try #require(high) > .seconds(3.9))
    #expect(try #require(high) <= .seconds(4))
  }

  @Test func theLastAttemptHasNoPauseAfterIt() {
    let policy = RetryPolicy.exponentialBackoff(maxAttempts: 2)
    var random = SystemRandomNumberGenerator()
    #expect(
      policy.pause(afterAttempt: 1, failedWith: .unavailable, remaining: .seconds(9), using: &random) != nil
    )
    #expect(
      policy.pause(afterAttempt: 2, failedWith: .unavailable, remaining: .seconds(9), using: &random) == nil
    )
    #expect(RetryPolicy.never.maxAttempts == 1)
  }

  @Test(arguments: [
    InferenceError.Code.invalidArgument, .modelNotFound, .deadlineExceeded, .permissionDenied,
  ])
  func whatWillFailAgainIsNotRetried(code: InferenceError.Code) {
    var random = SystemRandomNumberGenerator()
    let policy = RetryPolicy.exponentialBackoff()
    #expect(policy.pause(afterAttempt: 1, failedWith: code, remaining: .seconds(9), using: &random) == nil)
  }

  @Test func aPauseThatReachesTheDeadlineIsNotTaken() {
    let policy = RetryPolicy.exponentialBackoff(initial: .seconds(1), maxAttempts: 3)
    var largest = Extreme(value: .max)
    #expect(
      policy.pause(afterAttempt: 1, failedWith: .unavailable, remaining: .milliseconds(500), using: &largest)
        == nil
    )
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
}
