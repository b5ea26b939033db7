// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

package import TritonClient

/// One outage as a value: what can pass by itself, when to ask again, and when patience is over.
package struct Outage: Sendable, Hashable {
  /// When the first call failed.
  package let begin: MonotonicInstant
  private let policy: RecoveryPolicy
  private var nextPause: Duration

  /// Bound of the growing pause, unless the policy's first one is longer.
  private static let longestPause = Duration.seconds(1)

  private static let passingCodes: Set<InferenceError.Code> = [
    .unavailable, .deadlineExceeded, .modelNotReady, .resourceExhausted,
    // What a server says to the calls in flight while it stops.
    .cancelled,
  ]

  /// An outage that begins with a failure now.
  package init(_ policy: RecoveryPolicy, at now: MonotonicInstant) {
    self.policy = policy
    begin = now
    nextPause = policy.interval
  }

  /// Whether a failure can pass by itself, so that waiting makes sense.
  package static func canPass(_ code: InferenceError.Code) -> Bool {
    passingCodes.contains(code)
  }

  /// What is left of the patience.
  package func remaining(at now: MonotonicInstant) -> Duration {
    max(.zero, policy.patience - (now - begin))
  }

  /// How long to wait before the server is asked again; nil where patience is over.
  ///
  /// - Parameters:
  ///   - retryAfter: what the last failure said about when a call is let through; never waited for less, unless
  ///     patience ends before.
  ///   - now: the present.
  package mutating func pause(retryAfter: Duration?, at now: MonotonicInstant) -> Duration? {
    let remaining = remaining(at: now)
    guard remaining > .zero else { return nil }
    let pause = max(nextPause, retryAfter ?? .zero)
    nextPause = max(policy.interval, min(nextPause * 2, Self.longestPause))
    // The end of patience deserves a last question.
    return min(pause, remaining)
  }
}
