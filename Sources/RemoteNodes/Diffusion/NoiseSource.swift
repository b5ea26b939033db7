// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// A stream of standard normal numbers that a sampler starts from.
public protocol NoiseSource: Sendable {
  /// Draws the next `count` numbers with mean 0 and variance 1, in memory (row-major) order.
  mutating func randn(count: Int) -> [Float]
}
