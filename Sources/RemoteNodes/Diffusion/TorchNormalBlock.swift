// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation

/// Turns sixteen uniform numbers into sixteen normal ones (Box and Muller), in float32, operation for
/// operation as PyTorch's vectorised x86 code does: polynomials of the Cephes library with fused
/// multiply-adds.
///
/// Plain `logf` and `cosf` would be as good as noise goes, but pictures are compared byte for byte.
enum TorchNormalBlock {
  static let size = 16

  /// Transforms `values[start ..< start + 16]` in place: the first eight give radii, the last eight angles.
  static func transform(_ values: UnsafeMutableBufferPointer<Float>, at start: Int) {
    for index in start..<(start + size / 2) {
      let radius = (-2 * logarithm(1 - values[index])).squareRoot()
      let (sine, cosine) = sineAndCosine(twoPi * values[index + size / 2])
      values[index] = radius * cosine
      values[index + size / 2] = radius * sine
    }
  }

  private static let twoPi = Float(2 * Double.pi)

  /// `a * b + c` with a single rounding.
  @inline(__always)
  private static func fused(_ a: Float, _ b: Float, _ c: Float) -> Float {
    c.addingProduct(a, b)
  }

  /// The natural logarithm of a number in (0, 1].
  static func logarithm(_ number: Float) -> Float {
    // number = mantissa · 2^exponent with the mantissa in [√½, √2).
    var mantissa = number.significand * 0.5
    var exponent = Float(number.exponent + 1)
    if mantissa < 0.707106781186547524 {
      exponent -= 1
      mantissa += mantissa
    }
    let t = mantissa - 1
    let square = t * t
    var y: Float = 7.0376836292e-2
    y = fused(y, t, -1.1514610310e-1)
    y = fused(y, t, 1.1676998740e-1)
    y = fused(y, t, -1.2420140846e-1)
    y = fused(y, t, 1.4249322787e-1)
    y = fused(y, t, -1.6668057665e-1)
    y = fused(y, t, 2.0000714765e-1)
    y = fused(y, t, -2.4999993993e-1)
    y = fused(y, t, 3.3333331174e-1)
    y *= t
    y = fused(y, square, exponent * -2.12194440e-4)
    y -= 0.5 * square
    return fused(exponent, 0.693359375, t + y)
  }

  /// Sine and cosine of an angle ≥ 0 (radians).
  static func sineAndCosine(_ angle: Float) -> (sine: Float, cosine: Float) {
    // Octant, rounded up to an even one; the angle is then reduced by that many quarter turns, in three
    // parts.
    let octant = (Int32(angle * 1.27323954473516) + 1) & ~1
    let turns = Float(octant)
    var x = fused(turns, -0.78515625, angle)
    x = fused(turns, -2.4187564849853515625e-4, x)
    x = fused(turns, -3.77489497744594108e-8, x)
    let square = x * x

    var cosine: Float = 2.443315711809948e-5
    cosine = fused(cosine, square, -1.388731625493765e-3)
    cosine = fused(cosine, square, 4.166664568298827e-2)
    cosine *= square
    cosine = fused(cosine, square, -0.5 * square)
    cosine += 1

    var sine: Float = -1.9515295891e-4
    sine = fused(sine, square, 8.3321608736e-3)
    sine = fused(sine, square, -1.6666654611e-1)
    sine *= square
    sine = fused(sine, x, x)

    if octant & 2 != 0 { swap(&sine, &cosine) }
    if octant & 4 != 0 { sine = -sine }
    if ~(octant - 2) & 4 != 0 { cosine = -cosine }
    return (sine, cosine)
  }
}
