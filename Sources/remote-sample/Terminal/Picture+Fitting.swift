// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import RemoteNodes

/// Pixels as terminals need them.
extension Picture {
  /// One pixel.
  struct Color: Hashable, Sendable {
    let red: UInt8
    let green: UInt8
    let blue: UInt8
  }

  /// The pixel in column `x` of row `y`.
  subscript(x: Int, y: Int) -> Color {
    let offset = (y * width + x) * 3
    return Color(red: pixels[offset], green: pixels[offset + 1], blue: pixels[offset + 2])
  }

  /// The picture made small enough for a box, its proportions kept; itself if it fits already.
  func fitted(width maximumWidth: Int, height maximumHeight: Int) throws -> Picture {
    let scale = min(
      1, Double(max(1, maximumWidth)) / Double(width), Double(max(1, maximumHeight)) / Double(height))
    guard scale < 1 else { return self }
    return try reduced(
      width: max(1, Int((Double(width) * scale).rounded())),
      height: max(1, Int((Double(height) * scale).rounded())))
  }

  /// Every new pixel is the mean of the old ones that it covers.
  private func reduced(width newWidth: Int, height newHeight: Int) throws -> Picture {
    var result: [UInt8] = []
    result.reserveCapacity(newWidth * newHeight * 3)
    for y in 0..<newHeight {
      let rows = Self.covered(y, of: newHeight, from: height)
      for x in 0..<newWidth {
        let columns = Self.covered(x, of: newWidth, from: width)
        var sums = (0, 0, 0)
        for row in rows {
          for column in columns {
            let color = self[column, row]
            sums = (sums.0 + Int(color.red), sums.1 + Int(color.green), sums.2 + Int(color.blue))
          }
        }
        let count = rows.count * columns.count
        for sum in [sums.0, sums.1, sums.2] { result.append(UInt8((sum + count / 2) / count)) }
      }
    }
    return try Picture(width: newWidth, height: newHeight, pixels: result)
  }

  /// The old positions under new position `index`: at least one.
  private static func covered(_ index: Int, of newCount: Int, from oldCount: Int) -> Range<Int> {
    let start = index * oldCount / newCount
    return start..<max(start + 1, (index + 1) * oldCount / newCount)
  }
}
