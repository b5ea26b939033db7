// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// A way to show a picture inside a terminal.
enum PictureProtocol: Hashable, Sendable {
  /// The terminal is not to be drawn into.
  case none
  /// The kitty graphics protocol: the PNG file itself, in base64, between `ESC _ G` and `ESC \`.
  case kitty
  /// iTerm2's inline images: the PNG file itself, in base64, after `OSC 1337`.
  case iTerm
  /// DEC sixel graphics: six rows of pixels a line, at most 256 colours.
  case sixel
  /// Two pixels a character cell: `▀` with a foreground and a background colour.
  case halfBlocks(ColorDepth)

  /// How many colours a terminal's text can take.
  enum ColorDepth: Hashable, Sendable {
    /// 24 bits: `38;2;r;g;b`.
    case trueColor
    /// xterm's palette of 256 colours: `38;5;n`.
    case palette256
  }

  /// The number that a terminal with sixel graphics lists among its primary device attributes (DA1).
  static let sixelAttribute = 4

  /// What the environment alone decides, or nil where the terminal has to be asked for its attributes.
  static func known(from variables: [String: String]) -> PictureProtocol? {
    func value(_ name: String) -> String { variables[name] ?? "" }
    let terminal = value("TERM")
    // https://no-color.org: any value but the empty one.
    guard value("NO_COLOR").isEmpty, !terminal.isEmpty, terminal != "dumb" else {
      return PictureProtocol.none
    }
    // A multiplexer passes on the variables of the terminal that started it, but not its graphics.
    if !value("TMUX").isEmpty || terminal.hasPrefix("screen") || terminal.hasPrefix("tmux") { return nil }
    let program = value("TERM_PROGRAM")
    if terminal.contains("kitty") || terminal.contains("ghostty") || program == "ghostty" { return .kitty }
    if !value("KITTY_WINDOW_ID").isEmpty || konsoleHasKittyGraphics(value("KONSOLE_VERSION")) {
      return .kitty
    }
    if ["iTerm.app", "WezTerm", "mintty"].contains(program) || value("LC_TERMINAL") == "iTerm2" {
      return .iTerm
    }
    // The Linux console answers the question but draws nothing of the kind, and Terminal.app has no graphics.
    if terminal == "linux" || program == "Apple_Terminal" { return .halfBlocks(colorDepth(variables)) }
    return nil
  }

  /// The protocol for a terminal.
  ///
  /// - Parameters:
  ///   - variables: the environment of the process.
  ///   - primaryAttributes: the terminal's answer to `ESC [ c`; empty if it gave none.
  static func choose(variables: [String: String], primaryAttributes: [Int]) -> PictureProtocol {
    if let known = known(from: variables) { return known }
    if primaryAttributes.contains(sixelAttribute) { return .sixel }
    return .halfBlocks(colorDepth(variables))
  }

  /// `COLORTERM` is how terminals announce 24-bit colour; all that draw `▀` have the palette of 256.
  static func colorDepth(_ variables: [String: String]) -> ColorDepth {
    ["truecolor", "24bit"].contains(variables["COLORTERM"] ?? "") ? .trueColor : .palette256
  }

  /// Konsole speaks kitty's protocol since 22.04, which it writes as 220400.
  private static func konsoleHasKittyGraphics(_ version: String) -> Bool {
    (Int(version) ?? 0) >= 220_400
  }
}

/// The terminal's answer to the question for its primary device attributes, `ESC [ c`.
enum PrimaryAttributes {
  static let question: [UInt8] = Array("\u{1B}[c".utf8)

  /// The numbers of the first complete answer `ESC [ ? n ; n … c` in `bytes`, or nil if there is none yet.
  ///
  /// Keys typed in the meantime may stand before it.
  static func parse(_ bytes: [UInt8]) -> [Int]? {
    let opening = Array("\u{1B}[?".utf8)
    var start = 0
    while start + opening.count <= bytes.count {
      guard Array(bytes[start..<start + opening.count]) == opening else {
        start += 1
        continue
      }
      let body = bytes[(start + opening.count)...]
      let parameters = body.prefix { (0x30...0x3B).contains($0) }
      if parameters.endIndex < bytes.endIndex, bytes[parameters.endIndex] == UInt8(ascii: "c") {
        return parameters.split(separator: UInt8(ascii: ";")).compactMap {
          Int(String(decoding: $0, as: UTF8.self))
        }
      }
      start += 1
    }
    return nil
  }
}
