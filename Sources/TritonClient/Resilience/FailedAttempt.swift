// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// How an attempt failed, as far as it decides about another one.
package struct FailedAttempt: Sendable, Hashable {
  /// Which attempt of the call it was, from 1.
  package var number: Int

  /// How it failed.
  package var code: InferenceError.Code

  /// Whether its own time was over, and the call's was not.
  package var wasCutShort = false

  /// What the server said about another attempt.
  package var pushback: RetryPushback?

  /// Whether there is a server that has not failed in this call.
  package var hasAlternative = false

  /// The pause before the attempt, if it was not the first.
  package var previousPause: Duration?

  /// Time left until the call's deadline.
  package var remaining: Duration

  package init(number: Int, code: InferenceError.Code, remaining: Duration) {
    self.number = number
    self.code = code
    self.remaining = remaining
  }
}

extension RetryPolicy {
  /// The pause after a failed attempt; `nil` when there is to be no other.
  ///
  /// When it was the server that failed, and not the request, another server is asked at once, even beyond
  /// ``maxAttempts``: as long as one may answer, a call is not lost.
  package func pause(
    after failed: FailedAttempt,
    using generator: inout some RandomNumberGenerator
  ) -> Duration? {
    guard self.maxAttempts > 1 else { return nil }
    // An attempt that was cut short says as little about the request as a server that cannot be reached.
    let code = failed.wasCutShort ? .unavailable : failed.code
    let isServersFault = [.endpointFailure, .modelFailure].contains(AttemptVerdict(code))
    if failed.hasAlternative, isServersFault, self.retryableCodes.contains(code), failed.pushback != .never,
      failed.remaining > .zero
    {
      return .zero
    }
    return self.pause(
      afterAttempt: failed.number,
      failedWith: code,
      previousPause: failed.previousPause,
      pushback: failed.pushback,
      remaining: failed.remaining,
      using: &generator
    )
  }
}
