// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import SoakWorkload

/// What is done to the servers in the middle of a run: drawn from a seed.
package struct SeededFault: Sendable, Hashable {
  /// Kinds of faults.
  package enum Kind: Int, Sendable, CaseIterable {
    /// SIGKILL, and another start.
    case kill
    /// SIGSTOP for a while.
    case freeze
    /// The denoiser is unloaded for a while.
    case reload
    /// All connections end.
    case drop
    /// The same, with an error in the place of an end.
    case reset
    /// Connections that are made end at random for a while, those that exist now.
    case drops
    /// Bytes arrive late for a while.
    case delay
    /// Nothing passes for a while, and nobody is told.
    case blackHole

    /// How many of a hundred faults are of this kind. A start takes seconds.
    fileprivate var share: Int {
      switch self {
      case .kill: 8
      case .freeze: 12
      case .reload: 10
      case .drop, .reset, .drops: 16
      case .delay: 12
      case .blackHole: 10
      }
    }
  }

  package let kind: Kind
  /// Which server.
  package let isOnSecond: Bool
  /// The step of the run after which it begins.
  package let step: Int
  /// How long it lasts, where it lasts.
  package let duration: Duration
  /// Where its own random numbers begin.
  package let seed: Int64

  /// How many of a hundred runs have a fault.
  private static let frequency = 30

  /// The fault of a run; none in most.
  ///
  /// - Parameters:
  ///   - run: the run's number.
  ///   - steps: the run's steps.
  ///   - seed: where the random numbers begin.
  package init?(ofRun run: Int, steps: Int, seed: UInt64) {
    var generator = SplitMix64(state: seed &* 1_000_003 &+ UInt64(run))
    guard Int.random(in: 0..<100, using: &generator) < SeededFault.frequency else { return nil }
    var place = Int.random(in: 0..<100, using: &generator)
    var kind = Kind.kill
    for candidate in Kind.allCases {
      kind = candidate
      place -= candidate.share
      if place < 0 { break }
    }
    self.kind = kind
    self.isOnSecond = Bool.random(using: &generator)
    self.step = Int.random(in: 1..<steps, using: &generator)
    self.duration = .milliseconds(Int.random(in: 100...1_500, using: &generator))
    self.seed = Int64.random(in: 1...Int64.max, using: &generator)
  }
}
