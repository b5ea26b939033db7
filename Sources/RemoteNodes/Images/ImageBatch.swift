// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// Pictures of one size between nodes, what a workflow's IMAGE links carry.
public struct ImageBatch: Sendable, Hashable {
  /// Pictures in the batch.
  public let count: Int
  /// Rows of each.
  public let height: Int
  /// Pixels in a row.
  public let width: Int
  /// [count, height, width, 3] in row-major order, 0 … 1.
  public let values: [Float]

  /// A batch of the given values.
  ///
  /// - Parameters:
  ///   - count: number of images.
  ///   - height: rows of each image.
  ///   - width: pixels of a row.
  ///   - values: [count, height, width, 3] in row-major order, 0 … 1.
  /// - Throws: `GraphError` (`.invalidPicture`) where the counts do not fit each other.
  public init(count: Int, height: Int, width: Int, values: [Float]) throws {
    guard count > 0, height > 0, width > 0, values.count == count * height * width * 3 else {
      throw GraphError(
        .invalidPicture,
        "\(count) pictures of \(width)x\(height) need \(max(0, count * height * width) * 3) values, given "
          + "\(values.count)")
    }
    self.count = count
    self.height = height
    self.width = width
    self.values = values
  }

  /// One of them in 8 bits.
  ///
  /// 255·v is cut to a whole number, not rounded, as ComfyUI does. A value that is not a number becomes 0.
  ///
  /// - Parameter index: 0 ..< `count`.
  public func picture(at index: Int) throws -> Picture {
    let size = height * width * 3
    let pixels = values[(index * size)..<((index + 1) * size)].map { value -> UInt8 in
      let scaled = 255 * value
      return scaled >= 255 ? 255 : scaled > 0 ? UInt8(scaled) : 0
    }
    return try Picture(width: width, height: height, pixels: pixels)
  }
}
