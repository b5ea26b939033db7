// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

@testable import TritonClient

extension MonotonicInstant {
  /// The instant at which time begins in tests of values.
  static let start = MonotonicInstant(nanoseconds: 1_000_000_000_000)

  /// So many seconds after the beginning.
  static func second(_ seconds: Double) -> MonotonicInstant { .start + .seconds(seconds) }
}
