// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// The latest latencies of a server: what is usual for it now.
package struct LatencyWindow: Sendable {
  /// How many latencies are kept.
  package static let capacity = 128

  /// Fewer say nothing about what is usual.
  package static let minimumCount = 20

  private var latencies: [Duration] = []
  private var oldest = 0

  /// A window without latencies.
  package init() {}

  /// Adds a latency; the oldest one is dropped when there are too many.
  package mutating func record(_ latency: Duration) {
    guard self.latencies.count == LatencyWindow.capacity else {
      if self.latencies.isEmpty { self.latencies.reserveCapacity(LatencyWindow.capacity) }
      self.latencies.append(latency)
      return
    }
    self.latencies[self.oldest] = latency
    self.oldest = (self.oldest + 1) % LatencyWindow.capacity
  }

  /// The least of the latencies that this fraction of them, 0 to 1, does not exceed: the quantile by nearest rank.
  /// `nil` as long as there are fewer than ``minimumCount``.
  package func quantile(_ fraction: Double) -> Duration? {
    let count = self.latencies.count
    guard count >= LatencyWindow.minimumCount else { return nil }
    let bounded = min(1, max(0, fraction))
    // The product of 0.07 and 100 is a little more than 7 in binary.
    let rank = Int((bounded * Double(count) - 1e-9).rounded(.up))
    return self.latencies.sorted()[max(rank, 1) - 1]
  }
}
