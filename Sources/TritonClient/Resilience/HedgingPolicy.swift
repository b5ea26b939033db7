// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// When a second server is asked because the first one takes longer than usual.
///
/// The first answer wins and the other attempt is cancelled. The idea is the "hedged request" of Jeffrey Dean and
/// Luiz André Barroso, "The Tail at Scale", Communications of the ACM 56(2), 2013.
public struct HedgingPolicy: Sendable, Hashable {
  /// The fraction of a server's latest answers, 0 to 1, that came sooner than the second server is asked.
  public let quantile: Double

  /// The second server is not asked sooner than this.
  public let minimumDelay: Duration

  /// After a time that 95 of 100 answers take at most, and at least 5 ms.
  public static let afterP95 = HedgingPolicy()

  /// A policy.
  ///
  /// - Parameters:
  ///   - quantile: values outside 0 to 1 count as the nearer of the two.
  ///   - minimumDelay: not negative.
  public init(quantile: Double = 0.95, minimumDelay: Duration = .milliseconds(5)) {
    self.quantile = min(1, max(0, quantile))
    self.minimumDelay = max(minimumDelay, .zero)
  }

  /// How long a server with these latencies is waited for; `nil` as long as they are too few.
  package func delay(after window: LatencyWindow) -> Duration? {
    window.quantile(self.quantile).map { max($0, self.minimumDelay) }
  }
}
