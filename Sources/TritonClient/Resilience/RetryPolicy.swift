// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// Whether and when a failed call is sent again.
///
/// All attempts of one call share its timeout: a retry that could not begin before the deadline is not made.
public struct RetryPolicy: Sendable, Hashable {
  /// Most attempts, the first included; at least 1.
  public let maxAttempts: Int

  /// Longest pause before the second attempt.
  public let initial: Duration

  /// Factor by which the longest pause grows from one attempt to the next.
  public let multiplier: Double

  /// Bound of the longest pause.
  public let cap: Duration

  /// Failures after which another attempt makes sense.
  public let retryableCodes: Set<InferenceError.Code>

  /// One attempt only.
  public static let never = RetryPolicy.exponentialBackoff(maxAttempts: 1)

  /// Failures that pass by themselves: the server cannot be reached, or has too much to do.
  public static let transientCodes: Set<InferenceError.Code> = [.unavailable, .resourceExhausted]

  /// Exponential backoff with full jitter: attempt n + 1 begins after a pause drawn evenly from zero to
  /// min(`cap`, `initial` · `multiplier`ⁿ⁻¹).
  ///
  /// The scheme is "full jitter" of Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015:
  /// callers that failed together do not come back together.
  ///
  /// - Parameters:
  ///   - initial: longest pause before the second attempt; not negative.
  ///   - multiplier: growth of the pause; values under 1 count as 1.
  ///   - cap: bound of the pause; not negative.
  ///   - maxAttempts: most attempts, the first included; values under 1 count as 1.
  ///   - retryableCodes: failures after which another attempt is made.
  public static func exponentialBackoff(
    initial: Duration = .milliseconds(100),
    multiplier: Double = 2,
    cap: Duration = .seconds(5),
    maxAttempts: Int = 4,
    retryableCodes: Set<InferenceError.Code> = RetryPolicy.transientCodes
  ) -> RetryPolicy {
    RetryPolicy(
      maxAttempts: max(maxAttempts, 1),
      initial: max(initial, .zero),
      multiplier: max(multiplier, 1),
      cap: max(cap, .zero),
      retryableCodes: retryableCodes
    )
  }

  /// The longest pause after a number of failed attempts (1 or more).
  public func longestPause(afterAttempt attempt: Int) -> Duration {
    let initial = self.initial / .seconds(1)
    let cap = self.cap / .seconds(1)
    var seconds = initial
    for _ in 1..<max(attempt, 1) where seconds < cap {
      seconds *= self.multiplier
    }
    return .seconds(min(seconds, cap))
  }

  /// The pause after a number of failed attempts, drawn from `generator`; `nil` when there is to be no other
  /// attempt.
  ///
  /// - Parameters:
  ///   - attempt: attempts made so far, 1 or more.
  ///   - code: how the last one failed.
  ///   - remaining: time left until the call's deadline.
  ///   - generator: where the jitter comes from.
  public func pause(
    afterAttempt attempt: Int,
    failedWith code: InferenceError.Code,
    remaining: Duration,
    using generator: inout some RandomNumberGenerator
  ) -> Duration? {
    guard attempt < self.maxAttempts, self.retryableCodes.contains(code) else { return nil }
    let longest = self.longestPause(afterAttempt: attempt) / .seconds(1)
    let pause = Duration.seconds(Double.random(in: 0...longest, using: &generator))
    return pause < remaining ? pause : nil
  }
}
