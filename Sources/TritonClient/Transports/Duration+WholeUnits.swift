// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

extension Duration {
  /// Whole nanoseconds, rounded towards zero, at the bounds of `Int64` for longer durations.
  package var nanoseconds: Int64 { self.whole(unitsPerSecond: 1_000_000_000) }

  /// Whole microseconds, rounded towards zero, at the bounds of `Int64` for longer durations.
  var microseconds: Int64 { self.whole(unitsPerSecond: 1_000_000) }

  private func whole(unitsPerSecond: Int64) -> Int64 {
    let (seconds, attoseconds) = self.components
    let (product, overflow) = seconds.multipliedReportingOverflow(by: unitsPerSecond)
    guard !overflow else { return seconds < 0 ? .min : .max }
    let attosecondsPerUnit = 1_000_000_000_000_000_000 / unitsPerSecond
    let (sum, sumOverflow) = product.addingReportingOverflow(attoseconds / attosecondsPerUnit)
    return sumOverflow ? (seconds < 0 ? .min : .max) : sum
  }
}
