// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// When calls to a server that fails are no longer sent, and when it is tried again.
///
/// Closed, every call is sent. After several failures in a row the breaker opens: calls fail at once, with the time
/// of the next try in ``InferenceError/retryAfter``. When that time has come it is half-open: one call, the probe,
/// is sent. If it succeeds the breaker closes; if it fails the breaker opens for longer than before.
///
/// Each server has one, and for each model that it says is not ready another one. The pattern is from Michael
/// Nygard, "Release It!", 2007.
public struct CircuitBreaker: Sendable, Hashable {
  /// What a breaker lets through. More phases may be added.
  public struct Phase: Hashable, Sendable, CustomStringConvertible {
    private enum Value: String {
      case closed, open, halfOpen
    }

    private let value: Value

    private init(_ value: Value) {
      self.value = value
    }

    /// Every call.
    public static var closed: Phase { Phase(.closed) }
    /// No call.
    public static var open: Phase { Phase(.open) }
    /// One call at a time, to see how it fares.
    public static var halfOpen: Phase { Phase(.halfOpen) }

    /// The name of the static member.
    public var description: String { self.value.rawValue }
  }

  /// Failures in a row that open the breaker; at least 1.
  public let failureThreshold: Int

  /// How long it stays open the first time.
  public let openInterval: Duration

  /// Factor by which that time grows with each probe that fails; at least 1.
  public let multiplier: Double

  /// Bound of that time; at least ``openInterval``.
  public let maximumOpenInterval: Duration

  /// Opens after 5 failures in a row, for a second at first, for twice as long after each probe that failed, for 30
  /// seconds at most.
  public static let defaults = CircuitBreaker()

  /// Never opens.
  public static let disabled = CircuitBreaker(failureThreshold: .max)

  /// A configuration. Values outside their range count as the nearest one inside.
  ///
  /// - Parameters:
  ///   - failureThreshold: failures in a row that open the breaker; at least 1. `Int.max` for never.
  ///   - openInterval: how long it stays open the first time; not negative.
  ///   - multiplier: growth with each probe that fails; at least 1.
  ///   - maximumOpenInterval: bound of the growth; at least `openInterval`.
  public init(
    failureThreshold: Int = 5,
    openInterval: Duration = .seconds(1),
    multiplier: Double = 2,
    maximumOpenInterval: Duration = .seconds(30)
  ) {
    self.failureThreshold = max(failureThreshold, 1)
    self.openInterval = max(openInterval, .zero)
    // In this order what is no number counts as 1, too.
    self.multiplier = max(1, multiplier)
    self.maximumOpenInterval = max(maximumOpenInterval, self.openInterval)
  }

  /// Whether it never opens.
  package var isDisabled: Bool { self.failureThreshold == .max }

  /// The time after one that ended with a failed probe.
  func interval(after interval: Duration) -> Duration {
    let seconds = interval / .seconds(1) * self.multiplier
    // What is beyond the bound may be beyond what a duration can be.
    guard seconds < self.maximumOpenInterval / .seconds(1) else { return self.maximumOpenInterval }
    return .seconds(seconds)
  }
}
