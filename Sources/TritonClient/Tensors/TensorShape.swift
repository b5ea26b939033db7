// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// Arithmetic of shapes: dimension sizes, outermost first.
package enum TensorShape {
  /// The product of the dimensions, 1 for a scalar; throws for a negative dimension or an overflow.
  package static func elementCount(_ shape: [Int]) throws -> Int {
    var count = 1
    for dimension in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
      guard dimension >= 0, !overflow else {
        throw InferenceError(
          code: .invalidArgument,
          message: dimension < 0
            ? "the shape \(shape) has a negative dimension; a tensor's shape is known in full"
            : "the shape \(shape) has more elements than memory can hold"
        )
      }
      count = product
    }
    return count
  }

  /// The bytes that a tensor of a fixed-width type takes.
  package static func byteCount(_ shape: [Int], width: Int) throws -> Int {
    try TensorShape.elementCount(shape + [width])
  }

  /// Whether a shape fits a model's, in which -1 stands for any size.
  package static func matches(_ shape: [Int], pattern: [Int]) -> Bool {
    shape.count == pattern.count && zip(shape, pattern).allSatisfy { $1 == -1 || $0 == $1 }
  }
}
