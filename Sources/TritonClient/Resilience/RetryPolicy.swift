// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// Whether and when a failed call is sent again.
///
/// All attempts of one call share its timeout: a retry that could not begin before the deadline is not made.
public struct RetryPolicy: Sendable, Hashable {
  /// How pauses are drawn, so that callers that failed together do not come back together. More ways may be added.
  ///
  /// Both are from Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
  public struct Jitter: Hashable, Sendable {
    private enum Value {
      case full, decorrelated
    }

    private let value: Value

    private init(_ value: Value) {
      self.value = value
    }

    /// The pause after attempt n is drawn evenly from zero to min(`cap`, `initial` · `multiplier`ⁿ⁻¹).
    public static let full = Jitter(.full)
    /// Each pause is drawn evenly from `initial` to three times the one before, and bounded by `cap`. The one before
    /// the first counts as `initial`; the multiplier plays no part.
    public static let decorrelated = Jitter(.decorrelated)
  }

  /// Most attempts, the first included; at least 1.
  public let maxAttempts: Int

  /// Longest pause before the second attempt with full jitter, the shortest of all pauses with decorrelated jitter.
  public let initial: Duration

  /// Factor by which the longest pause grows from one attempt to the next with full jitter.
  public let multiplier: Double

  /// Bound of the longest pause.
  public let cap: Duration

  /// How pauses are drawn.
  public let jitter: Jitter

  /// Failures after which another attempt makes sense.
  public let retryableCodes: Set<InferenceError.Code>

  /// One attempt only.
  public static let never = RetryPolicy.exponentialBackoff(maxAttempts: 1)

  /// Failures that pass by themselves: the server cannot be reached, or has too much to do.
  public static let transientCodes: Set<InferenceError.Code> = [.unavailable, .resourceExhausted]

  /// Exponential backoff: with full jitter, attempt n + 1 begins after a pause drawn evenly from zero to
  /// min(`cap`, `initial` · `multiplier`ⁿ⁻¹).
  ///
  /// A server that says when to try again, in the trailing metadata `grpc-retry-pushback-ms` of gRFC A6, "gRPC Retry
  /// Design", is asked again after that time, or not at all where it says so.
  ///
  /// - Parameters:
  ///   - initial: longest pause before the second attempt; not negative.
  ///   - multiplier: growth of the pause; values under 1 count as 1.
  ///   - cap: bound of the pause; not negative.
  ///   - jitter: how the pause is drawn.
  ///   - maxAttempts: most attempts, the first included; values under 1 count as 1.
  ///   - retryableCodes: failures after which another attempt is made.
  public static func exponentialBackoff(
    initial: Duration = .milliseconds(100),
    multiplier: Double = 2,
    cap: Duration = .seconds(5),
    jitter: Jitter = .full,
    maxAttempts: Int = 4,
    retryableCodes: Set<InferenceError.Code> = RetryPolicy.transientCodes
  ) -> RetryPolicy {
    RetryPolicy(
      maxAttempts: max(maxAttempts, 1),
      initial: max(initial, .zero),
      // In this order what is no number counts as 1, too.
      multiplier: max(1, multiplier),
      cap: max(cap, .zero),
      jitter: jitter,
      retryableCodes: retryableCodes
    )
  }

  /// The longest pause after a number of failed attempts (1 or more), with full jitter.
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
  ///   - previousPause: the pause before the last one, if it was not the first.
  ///   - pushback: what the server said about another attempt: a time counts for any failure that is retried.
  ///   - remaining: time left until the call's deadline. A pause that does not fit is not taken.
  ///   - generator: where the jitter comes from.
  package func pause(
    afterAttempt attempt: Int,
    failedWith code: InferenceError.Code,
    previousPause: Duration?,
    pushback: RetryPushback?,
    remaining: Duration,
    using generator: inout some RandomNumberGenerator
  ) -> Duration? {
    guard attempt < self.maxAttempts, self.retryableCodes.contains(code) else { return nil }
    let pause: Duration
    switch pushback {
    case .never: return nil
    case .after(let duration): pause = max(duration, .zero)
    case nil: pause = self.drawPause(afterAttempt: attempt, previousPause: previousPause, using: &generator)
    }
    return pause < remaining ? pause : nil
  }

  private func drawPause(
    afterAttempt attempt: Int,
    previousPause: Duration?,
    using generator: inout some RandomNumberGenerator
  ) -> Duration {
    guard self.jitter == .decorrelated else {
      let longest = self.longestPause(afterAttempt: attempt) / .seconds(1)
      return .seconds(Double.random(in: 0...longest, using: &generator))
    }
    // Another server is asked without a pause, and a server may ask for a short one.
    let previous = max(previousPause ?? self.initial, self.initial) / .seconds(1)
    let shortest = self.initial / .seconds(1)
    return min(.seconds(Double.random(in: shortest...(previous * 3), using: &generator)), self.cap)
  }
}
