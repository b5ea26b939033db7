// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// A picture of 8-bit red, green and blue.
public struct Picture: Sendable, Hashable {
  /// Pixels in a row.
  public let width: Int
  /// Rows.
  public let height: Int
  /// [height, width, 3] in row-major order.
  public let pixels: [UInt8]

  /// A picture of the given pixels.
  ///
  /// - Parameters:
  ///   - width: pixels in a row, 1 or more.
  ///   - height: rows, 1 or more.
  ///   - pixels: [height, width, 3] in row-major order.
  /// - Throws: `GraphError` (`.invalidPicture`) where the counts do not fit each other.
  public init(width: Int, height: Int, pixels: [UInt8]) throws {
    guard width > 0, height > 0, pixels.count == width * height * 3 else {
      throw GraphError(
        .invalidPicture,
        "a picture of \(width)x\(height) needs \(max(0, width) * max(0, height) * 3) bytes, given \(pixels.count)"
      )
    }
    self.width = width
    self.height = height
    self.pixels = pixels
  }
}
