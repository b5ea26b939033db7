// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing
import TritonClient

@Suite struct RetryPolicyTests {
  /// The same draws in every run: the linear congruential generator of Knuth's MMIX.
  struct FixedDraws: RandomNumberGenerator {
    private var state: UInt64 = 42

    mutating func next() -> UInt64 {
      self.state = self.state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return self.state
    }
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
      policy.pause(afterAttempt: 3, failedWith: .unavailable, remaining: .seconds(99), using: &random)
        .map { $0 / .seconds(1) }
    }
    #expect(pauses.count == 2_000)
    #expect(pauses.allSatisfy { (0...4).contains($0) })
    #expect(pauses.contains { $0 < 0.05 } && pauses.contains { $0 > 3.95 })
    #expect(abs(pauses.reduce(0, +) / 2_000 - 2) < 0.1)
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
    var random = FixedDraws()
    let pauses = (0..<200).map { _ in
      policy.pause(
        afterAttempt: 1, failedWith: .unavailable, remaining: .milliseconds(500), using: &random)
    }
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
}
