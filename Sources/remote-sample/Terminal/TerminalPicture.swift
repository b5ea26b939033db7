// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import RemoteNodes

/// What to write to a terminal so that it shows a picture.
enum TerminalPicture {
  /// Pixels assumed for a window that does not tell its size: small enough for any.
  private static let unknownWindow = 512

  /// The bytes that show the PNG file `png` on a terminal of the given size; nil if there is nothing to write.
  static func render(
    png: [UInt8], protocol kind: PictureProtocol, size: TerminalDevice.Size
  ) throws -> [UInt8]? {
    guard kind != .none else { return nil }
    let picture = try Picture(png: png)
    // A picture wider than the window is drawn over all its columns, any other in its own size.
    let columns = size.pixelWidth.flatMap { picture.width > $0 ? size.columns : nil }
    switch kind {
    case .none: return nil
    case .kitty: return InlineImages.kitty(png: png, columns: columns)
    case .iTerm: return InlineImages.iTerm(png: png, columns: columns)
    case .sixel:
      let fitted = try picture.fitted(
        width: size.pixelWidth ?? unknownWindow, height: size.pixelHeight ?? unknownWindow)
      return SixelImage.encode(fitted)
    case .halfBlocks(let depth):
      return try HalfBlocks.render(picture, depth: depth, columns: size.columns, rows: size.rows)
    }
  }
}
