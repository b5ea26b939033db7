// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// Classifier-free guidance: what a picture should show against what it should not.
public struct Guidance: Sendable {
  /// What it should show.
  public var positive: Conditioning
  /// What it should not show.
  public var negative: Conditioning
  /// How strongly the difference of the two is followed; at 1 the negative one is not asked at all.
  public var scale: Float

  /// Guidance between two encoded prompts.
  public init(positive: Conditioning, negative: Conditioning, scale: Float) {
    self.positive = positive
    self.negative = negative
    self.scale = scale
  }

  /// Whether the negative prompt has a part in it.
  public var usesNegative: Bool { abs(scale - 1) > 1e-9 }

  /// The guided estimate: D = U + (C − U)·scale, in place of C.
  ///
  /// - Parameters:
  ///   - conditional: C, the estimate for the positive prompt; afterwards D.
  ///   - unconditional: U, the estimate for the negative prompt, as many elements.
  ///   - scale: the weight of the difference; 1 leaves C as it is.
  public static func combine(_ conditional: inout [Float], unconditional: [Float], scale: Float) {
    precondition(conditional.count == unconditional.count, "both estimates have the same element count")
    conditional.withUnsafeMutableBufferPointer { conditional in
      unconditional.withUnsafeBufferPointer { unconditional in
        for index in conditional.indices {
          let base = unconditional[index]
          conditional[index] = base + (conditional[index] - base) * scale
        }
      }
    }
  }
}
