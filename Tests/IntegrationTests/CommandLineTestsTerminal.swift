// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import RemoteNodes
import Testing

@testable import remote_sample

@Suite("How a terminal is told to show a picture")
struct CommandLineTerminalTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var variables: [String: String]
    var attributes: [Int] = []
    var expected: PictureProtocol
    var testDescription: String { name }
  }

  static let cases: [Case] = [
    Case(name: "no TERM", variables: [:], expected: .none),
    Case(name: "dumb", variables: ["TERM": "dumb"], attributes: [4], expected: .none),
    Case(name: "NO_COLOR", variables: ["TERM": "xterm-kitty", "NO_COLOR": "1"], expected: .none),
    Case(
      name: "an empty NO_COLOR counts for nothing", variables: ["TERM": "xterm-kitty", "NO_COLOR": ""],
      expected: .kitty),
    Case(name: "kitty", variables: ["TERM": "xterm-kitty"], expected: .kitty),
    Case(
      name: "kitty's window", variables: ["TERM": "xterm-256color", "KITTY_WINDOW_ID": "1"], expected: .kitty),
    Case(name: "Ghostty", variables: ["TERM": "xterm-ghostty"], expected: .kitty),
    Case(
      name: "Konsole", variables: ["TERM": "xterm-256color", "KONSOLE_VERSION": "230800"], expected: .kitty),
    Case(
      name: "old Konsole", variables: ["TERM": "xterm-256color", "KONSOLE_VERSION": "201200"],
      expected: .halfBlocks(.palette256)),
    Case(
      name: "iTerm2", variables: ["TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"], expected: .iTerm),
    Case(
      name: "iTerm2 over ssh", variables: ["TERM": "xterm-256color", "LC_TERMINAL": "iTerm2"],
      expected: .iTerm),
    Case(
      name: "WezTerm", variables: ["TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"], expected: .iTerm),
    Case(
      name: "tmux inside kitty", variables: ["TERM": "tmux-256color", "TMUX": "x", "KITTY_WINDOW_ID": "1"],
      expected: .halfBlocks(.palette256)),
    Case(
      name: "tmux with sixels", variables: ["TERM": "tmux-256color", "TMUX": "x"], attributes: [1, 2, 4],
      expected: .sixel),
    Case(name: "foot", variables: ["TERM": "foot"], attributes: [62, 4, 22], expected: .sixel),
    Case(
      name: "xterm", variables: ["TERM": "xterm"], attributes: [64, 1, 2], expected: .halfBlocks(.palette256)),
    Case(
      name: "24 bits", variables: ["TERM": "xterm", "COLORTERM": "truecolor"],
      expected: .halfBlocks(.trueColor)),
    Case(
      name: "24 bits, other word", variables: ["TERM": "xterm", "COLORTERM": "24bit"],
      expected: .halfBlocks(.trueColor)),
    Case(
      name: "the Linux console", variables: ["TERM": "linux"], attributes: [6, 4],
      expected: .halfBlocks(.palette256)),
  ]

  @Test("The environment and the terminal's answer decide", arguments: cases)
  func choice(_ item: Case) {
    #expect(
      PictureProtocol.choose(variables: item.variables, primaryAttributes: item.attributes) == item.expected)
  }

  @Test("Only terminals that the environment does not decide are asked")
  func question() {
    #expect(PictureProtocol.known(from: ["TERM": "xterm-256color"]) == nil)
    #expect(PictureProtocol.known(from: ["TERM": "tmux-256color", "TERM_PROGRAM": "iTerm.app"]) == nil)
    #expect(PictureProtocol.known(from: ["TERM": "linux"]) == .halfBlocks(.palette256))
  }

  @Test(
    "Device attributes are found among typed keys, and only when complete",
    arguments: zip(
      ["\u{1B}[?62;4;22c", "ls\n\u{1B}[?1;2c", "\u{1B}[?6c\u{1B}[?4c", "\u{1B}[?62;4", "\u{1B}[24;80R", ""],
      [[62, 4, 22], [1, 2], [6], nil, nil, nil]))
  func attributes(_ answer: String, _ expected: [Int]?) {
    #expect(PrimaryAttributes.parse(Array(answer.utf8)) == expected)
  }

  @Test("A half block carries two pixels; equal colours are not repeated")
  func halfBlocks() throws {
    let red: [UInt8] = [255, 0, 0]
    let blue: [UInt8] = [0, 0, 255]
    let picture = try Picture(width: 2, height: 3, pixels: red + red + blue + blue + red + blue)
    let text = String(
      decoding: try HalfBlocks.render(picture, depth: .trueColor, columns: 80, rows: 24), as: UTF8.self)
    let escape = "\u{1B}["
    #expect(
      text == "\(escape)38;2;255;0;0m\(escape)48;2;0;0;255m▀▀\(escape)0m\n"
        + "\(escape)38;2;255;0;0m▀\(escape)38;2;0;0;255m▀\(escape)0m\n")
    let palette = String(
      decoding: try HalfBlocks.render(picture, depth: .palette256, columns: 80, rows: 24), as: UTF8.self)
    #expect(palette.hasPrefix("\(escape)38;5;196m\(escape)48;5;21m▀▀"))
  }

  @Test("A picture larger than the window is made smaller, its proportions kept")
  func fitting() throws {
    let picture = try Picture(width: 128, height: 64, pixels: [UInt8](repeating: 9, count: 128 * 64 * 3))
    let small = try picture.fitted(width: 40, height: 44)
    #expect((small.width, small.height) == (40, 20))
    #expect(small.pixels.allSatisfy { $0 == 9 })
    let same = try picture.fitted(width: 400, height: 400)
    #expect(same == picture)
    let lines = try HalfBlocks.render(picture, depth: .trueColor, columns: 80, rows: 10)
    #expect(lines.count { $0 == UInt8(ascii: "\n") } == 8)
  }

  @Test("A smaller pixel is the mean of those it covers")
  func mean() throws {
    let picture = try Picture(width: 2, height: 2, pixels: [0, 0, 0, 10, 10, 10, 20, 20, 20, 31, 31, 31])
    #expect(try picture.fitted(width: 1, height: 1).pixels == [15, 15, 15])
  }

  @Test(
    "The palette's nearest colour",
    arguments: zip(
      [[0, 0, 0], [255, 255, 255], [255, 0, 0], [95, 135, 175], [128, 128, 128], [9, 7, 8]] as [[UInt8]],
      [16, 231, 196, 67, 244, 232]))
  func palette(_ rgb: [UInt8], _ expected: Int) {
    #expect(XtermPalette.nearest(to: Picture.Color(red: rgb[0], green: rgb[1], blue: rgb[2])) == expected)
  }

  @Test("kitty gets the file in chunks of 4096 characters, and is told not to answer")
  func kitty() throws {
    let png = (0..<6200).map { UInt8($0 % 251) }
    let text = String(decoding: InlineImages.kitty(png: png), as: UTF8.self)
    let chunks = text.split(separator: "\u{1B}\\").dropLast()
    #expect(chunks.count == 3)
    #expect(text.hasPrefix("\u{1B}_Ga=T,f=100,q=2,m=1;") && text.hasSuffix("\u{1B}\\\n"))
    #expect(chunks.map { $0.contains("m=1;") } == [true, true, false])
    let base64 = chunks.compactMap { $0.split(separator: ";", maxSplits: 1).last }
    #expect(base64.allSatisfy { $0.count <= 4096 })
    #expect(Data(base64Encoded: base64.joined()) == Data(png))
    #expect(
      String(decoding: InlineImages.kitty(png: [1], columns: 80), as: UTF8.self).contains("c=80,m=0;AQ=="))
  }

  @Test("iTerm2 gets the file in one sequence with its size")
  func iTerm() {
    let text = String(decoding: InlineImages.iTerm(png: [1, 2, 3]), as: UTF8.self)
    #expect(text == "\u{1B}]1337;File=inline=1;size=3;preserveAspectRatio=1:AQID\u{07}\n")
  }

  @Test("Sixels declare the picture's size and draw it")
  func sixel() throws {
    let picture = try Picture(width: 4, height: 6, pixels: (0..<24).flatMap { _ in [255, 0, 0] as [UInt8] })
    let text = String(decoding: try #require(SixelImage.encode(picture)), as: UTF8.self)
    #expect(text.hasPrefix("\u{1B}P") && text.hasSuffix("\u{1B}\\\n"))
    // Raster attributes: aspect 1:1, 4 × 6; a palette entry of red in per cent (libsixel keeps five bits a channel,
    // so 255 is 97 %); four full columns "~".
    #expect(text.contains("\"1;1;4;6"))
    #expect(text.firstMatch(of: /#\d+;2;(9[7-9]|100);0;0/) != nil)
    #expect(text.contains("!4~") || text.contains("~~~~"))
  }
}
