// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// What a step of the workload does.
package enum SoakKind: String, CaseIterable, Sendable {
  case success
  case cancelledBefore
  case cancelled
  case limited
  case retried
  case client
  case stream
  case abandonedStream
  case cancelledStream
  case restartedStream

  /// How many of a hundred steps are of this kind.
  private var share: Int {
    switch self {
    case .success: 70
    case .cancelledBefore: 5
    case .cancelled, .limited: 7
    case .retried: 4
    case .client: 1
    case .stream: 3
    case .abandonedStream, .cancelledStream, .restartedStream: 1
    }
  }

  static func random(using generator: inout SplitMix64) -> SoakKind {
    var place = Int.random(in: 0..<100, using: &generator)
    for kind in SoakKind.allCases {
      place -= kind.share
      if place < 0 { return kind }
    }
    return .success
  }
}
