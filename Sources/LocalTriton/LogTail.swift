// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation

/// The last lines of a log file, as an error message can carry them.
enum LogTail {
  /// How much of the file's end is looked at, in bytes.
  private static let window: UInt64 = 64 << 10

  /// How much of a line is shown, in characters.
  private static let width = 240

  /// Up to `count` lines from the end, without blank lines and the server's tables; empty if there is no file.
  static func read(_ path: String, lines count: Int) -> String {
    guard let file = FileHandle(forReadingAtPath: path) else { return "" }
    defer { try? file.close() }
    guard let size = try? file.seekToEnd(),
      (try? file.seek(toOffset: size > Self.window ? size - Self.window : 0)) != nil,
      let data = try? file.readToEnd()
    else { return "" }
    return Self.lastLines(of: String(decoding: data, as: UTF8.self), count: count)
  }

  /// Up to `count` lines from the end of a text, without blank lines and tables.
  static func lastLines(of text: String, count: Int) -> String {
    let lines = text.split(whereSeparator: \.isNewline).filter { line in
      !line.hasPrefix("+-") && !line.hasPrefix("|") && !line.allSatisfy(\.isWhitespace)
    }
    return lines.suffix(count).map { $0.prefix(Self.width) }.joined(separator: "\n")
  }
}
