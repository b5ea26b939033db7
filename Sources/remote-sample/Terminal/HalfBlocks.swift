// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import RemoteNodes

/// A picture as text: the upper half block `▀`, its foreground the upper pixel, its background the lower one.
enum HalfBlocks {
  private static let escape = "\u{1B}["

  /// Lines of text, each ended by a newline with the colours put back, for a terminal `columns` × `rows` large.
  ///
  /// The picture is made smaller where it does not fit; two rows are left for the prompt.
  static func render(
    _ image: Picture, depth: PictureProtocol.ColorDepth, columns: Int, rows: Int
  ) throws -> [UInt8] {
    let picture = try image.fitted(width: columns, height: 2 * max(1, rows - 2))
    var text = ""
    for y in stride(from: 0, to: picture.height, by: 2) {
      var upper: Picture.Color?
      var lower: Picture.Color?
      let hasLowerRow = y + 1 < picture.height
      for x in 0..<picture.width {
        let newUpper = picture[x, y]
        if newUpper != upper { text += escape + foreground(newUpper, depth) }
        upper = newUpper
        if hasLowerRow {
          let newLower = picture[x, y + 1]
          if newLower != lower { text += escape + background(newLower, depth) }
          lower = newLower
        }
        text += "▀"
      }
      text += escape + "0m\n"
    }
    return Array(text.utf8)
  }

  private static func foreground(_ color: Picture.Color, _ depth: PictureProtocol.ColorDepth) -> String {
    "38;" + code(color, depth) + "m"
  }

  private static func background(_ color: Picture.Color, _ depth: PictureProtocol.ColorDepth) -> String {
    "48;" + code(color, depth) + "m"
  }

  private static func code(_ color: Picture.Color, _ depth: PictureProtocol.ColorDepth) -> String {
    switch depth {
    case .trueColor: "2;\(color.red);\(color.green);\(color.blue)"
    case .palette256: "5;\(XtermPalette.nearest(to: color))"
    }
  }
}

/// xterm's palette: 16…231 are a cube of six levels a channel, 232…255 a ramp of greys.
///
/// The first sixteen are left out: their colours are the user's choice.
enum XtermPalette {
  private static let levels = [0, 95, 135, 175, 215, 255]

  /// The number of the palette's colour with the least squared distance to `color`.
  static func nearest(to color: Picture.Color) -> Int {
    let channels = [Int(color.red), Int(color.green), Int(color.blue)]
    let cube = channels.map(nearestLevel)
    let cubeDistance = distance(channels, cube.map { levels[$0] })
    let mean = channels.reduce(0, +) / 3
    let step = min(23, max(0, (mean - 3) / 10))
    let grey = 8 + 10 * step
    if distance(channels, [grey, grey, grey]) < cubeDistance { return 232 + step }
    return 16 + 36 * cube[0] + 6 * cube[1] + cube[2]
  }

  private static func nearestLevel(_ value: Int) -> Int {
    levels.indices.min { abs(levels[$0] - value) < abs(levels[$1] - value) } ?? 0
  }

  private static func distance(_ one: [Int], _ other: [Int]) -> Int {
    zip(one, other).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  }
}
