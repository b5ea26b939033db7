// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// The same draws in every run: the linear congruential generator of Knuth's MMIX.
struct FixedDraws: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64 = 42) {
    self.state = seed
  }

  mutating func next() -> UInt64 {
    self.state = self.state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return self.state
  }
}
