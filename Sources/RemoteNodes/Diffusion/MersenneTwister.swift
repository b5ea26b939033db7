// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// MT19937 with 32-bit output, seeded from one 32-bit word: the engine under PyTorch's CPU generator.
///
/// Constants: Matsumoto and Nishimura, "Mersenne Twister", ACM TOMACS 8(1), 1998.
struct MersenneTwister: Sendable {
  private static let size = 624
  private static let middle = 397

  private var state: [UInt32]
  private var position = MersenneTwister.size

  init(seed: UInt32) {
    state = [UInt32](repeating: 0, count: Self.size)
    state[0] = seed
    for index in 1..<Self.size {
      let previous = state[index - 1]
      state[index] = 1_812_433_253 &* (previous ^ (previous >> 30)) &+ UInt32(index)
    }
  }

  /// The next 32 random bits.
  mutating func next() -> UInt32 {
    if position == Self.size {
      twist()
      position = 0
    }
    var value = state[position]
    position += 1
    value ^= value >> 11
    value ^= (value << 7) & 0x9d2c_5680
    value ^= (value << 15) & 0xefc6_0000
    value ^= value >> 18
    return value
  }

  private mutating func twist() {
    for index in 0..<Self.size {
      let mixed =
        (state[index] & 0x8000_0000) | (state[(index + 1) % Self.size] & 0x7fff_ffff)
      var value = state[(index + Self.middle) % Self.size] ^ (mixed >> 1)
      if mixed & 1 == 1 { value ^= 0x9908_b0df }
      state[index] = value
    }
  }
}
