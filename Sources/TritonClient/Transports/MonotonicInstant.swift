// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import CTritonTransport

/// A point in time on the clock that gRPC's deadlines are on, which setting the machine's time does not move.
///
/// `ContinuousClock.Instant` would do but for its cost: its layout is the standard library's secret, so that every
/// variable of it in an asynchronous function is memory allocated by the task.
package struct MonotonicInstant: Hashable, Comparable, Sendable {
  /// Nanoseconds since some moment before the process began.
  package let nanoseconds: Int64

  package init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
  }

  /// The present.
  package static var now: MonotonicInstant {
    MonotonicInstant(nanoseconds: CTriton_monotonic_nanoseconds())
  }

  /// Beyond any time that a call may take.
  package static let distantFuture = MonotonicInstant(nanoseconds: .max)

  package static func < (left: MonotonicInstant, right: MonotonicInstant) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  /// Bounded by ``distantFuture``.
  package static func + (instant: MonotonicInstant, duration: Duration) -> MonotonicInstant {
    let (sum, overflow) = instant.nanoseconds.addingReportingOverflow(duration.nanoseconds)
    return MonotonicInstant(nanoseconds: overflow ? .max : sum)
  }

  /// The time from the right to the left.
  package static func - (left: MonotonicInstant, right: MonotonicInstant) -> Duration {
    .nanoseconds(left.nanoseconds - right.nanoseconds)
  }
}
