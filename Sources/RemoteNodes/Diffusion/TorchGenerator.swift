// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation

/// PyTorch's CPU generator: the same seed gives the numbers of `torch.randn(..., dtype=torch.float32)`, bit
/// for bit with what PyTorch computes on an x86 machine with AVX2.
///
/// PyTorch built for ARM, or told to use its scalar path, differs from that by at most 2e-6.
public struct TorchGenerator: NoiseSource {
  private var engine: MersenneTwister
  /// The second value of the last pair of the short path. It outlives a long fill, as PyTorch's does.
  private var cachedNormal: Double?

  /// A generator in the state that `torch.manual_seed(seed)` leaves.
  ///
  /// - Parameter seed: 0 to 2^64 − 1. Only the lower 32 bits matter, as in PyTorch.
  public init(seed: UInt64) {
    engine = MersenneTwister(seed: UInt32(truncatingIfNeeded: seed))
  }

  /// The next 32 random bits.
  public mutating func random32() -> UInt32 {
    engine.next()
  }

  /// The next 64 random bits: the first output of the engine is the upper half.
  public mutating func random64() -> UInt64 {
    let upper = UInt64(engine.next())
    return upper << 32 | UInt64(engine.next())
  }

  /// The next number of `torch.rand(1)`: 0 ≤ value < 1, a multiple of 2^−24.
  public mutating func uniform() -> Float {
    Float(engine.next() & 0xff_ffff) * 0x1p-24
  }

  /// The next number of `torch.rand(1, dtype=torch.float64)`: 0 ≤ value < 1, a multiple of 2^−53.
  public mutating func uniformDouble() -> Double {
    Double(random64() & (1 << 53 - 1)) * 0x1p-53
  }

  /// The numbers of `torch.randn(count)`.
  ///
  /// From 16 numbers on PyTorch fills everything with uniform numbers and turns blocks of 16 of them into
  /// normal ones; a last, incomplete block is drawn anew so that it covers the last 16 places.
  public mutating func randn(count: Int) -> [Float] {
    guard count >= TorchNormalBlock.size else {
      return (0..<max(0, count)).map { _ in Float(nextNormal()) }
    }
    var values = [Float](repeating: 0, count: count)
    values.withUnsafeMutableBufferPointer { buffer in
      for index in buffer.indices { buffer[index] = uniform() }
      for start in stride(from: 0, through: count - TorchNormalBlock.size, by: TorchNormalBlock.size) {
        TorchNormalBlock.transform(buffer, at: start)
      }
      if !count.isMultiple(of: TorchNormalBlock.size) {
        let start = count - TorchNormalBlock.size
        for index in start..<count { buffer[index] = uniform() }
        TorchNormalBlock.transform(buffer, at: start)
      }
    }
    return values
  }

  /// One number of the short path: Box and Muller in double precision, two at a time.
  private mutating func nextNormal() -> Double {
    if let cached = cachedNormal {
      cachedNormal = nil
      return cached
    }
    let angle = 2 * Double.pi * uniformDouble()
    let radius = (-2 * log1p(-uniformDouble())).squareRoot()
    cachedNormal = radius * sin(angle)
    return radius * cos(angle)
  }
}
