// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation

/// The protocols that carry the PNG file itself.
enum InlineImages {
  /// The longest run of base64 in one escape sequence of kitty's protocol.
  static let kittyChunk = 4096

  /// kitty: transmit and display (`a=T`) a PNG (`f=100`), and answer nothing (`q=2`): an answer would be
  /// read as typed text by the shell that comes next.
  ///
  /// - Parameter columns: how many character cells wide to draw it; nil for its own size.
  static func kitty(png: [UInt8], columns: Int? = nil) -> [UInt8] {
    let text = Array(Data(png).base64EncodedString().utf8)
    var result: [UInt8] = []
    var start = 0
    repeat {
      let end = min(start + kittyChunk, text.count)
      let keys = start == 0 ? "a=T,f=100,q=2," + (columns.map { "c=\($0)," } ?? "") : "q=2,"
      result += Array("\u{1B}_G\(keys)m=\(end < text.count ? 1 : 0);".utf8)
      result += text[start..<end]
      result += Array("\u{1B}\\".utf8)
      start = end
    } while start < text.count
    return result + [UInt8(ascii: "\n")]
  }

  /// iTerm2: the file in one sequence, drawn in place, its proportions kept, ended by BEL.
  static func iTerm(png: [UInt8], columns: Int? = nil) -> [UInt8] {
    let width = columns.map { "width=\($0);" } ?? ""
    let keys = "inline=1;size=\(png.count);\(width)preserveAspectRatio=1"
    return Array("\u{1B}]1337;File=\(keys):\(Data(png).base64EncodedString())\u{07}\n".utf8)
  }
}
