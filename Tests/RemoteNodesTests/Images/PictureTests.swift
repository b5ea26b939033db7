// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import RemoteNodes
import Testing

@Suite("Pictures and PNG files")
struct PictureTests {
  private func gradient(width: Int = 7, height: Int = 5) throws -> Picture {
    try Picture(
      width: width, height: height,
      pixels: (0..<(width * height * 3)).map { UInt8(truncatingIfNeeded: $0 * 37) })
  }

  @Test("A picture survives the file", arguments: [(1, 1), (7, 5), (128, 128), (513, 3)])
  func roundTrip(width: Int, height: Int) throws {
    let picture = try gradient(width: width, height: height)
    let png = try picture.png()
    #expect(png.starts(with: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))
    #expect(try Picture(png: png) == picture)
    #expect(try Picture.texts(png: png).isEmpty)
  }

  @Test("Texts survive the file: Latin-1 as tEXt, everything else as iTXt")
  func texts() throws {
    let texts = [
      Picture.Text(
        keyword: "prompt", value: Workflow.textToImage(.init(prompt: "é 🔴", checkpoint: "x")).asText),
      Picture.Text(keyword: "Title", value: "café ÿ"),
      Picture.Text(keyword: "Comment", value: "красный 🔴"),
      Picture.Text(keyword: "Empty", value: ""),
      Picture.Text(keyword: "Long", value: String(repeating: "0123456789", count: 20_000)),
    ]
    let png = try gradient().png(texts: texts)
    #expect(try Picture.texts(png: png) == texts)
    #expect(occurrences(of: "tEXt", in: png) == 4)
    #expect(occurrences(of: "iTXt", in: png) == 1)
  }

  private func occurrences(of chunk: String, in png: [UInt8]) -> Int {
    let name = Array(chunk.utf8)
    return png.indices.dropLast(3).count { Array(png[$0..<($0 + 4)]) == name }
  }

  @Test(
    "A keyword or a text that PNG cannot hold is refused",
    arguments: [
      ("", "x"), (String(repeating: "k", count: 80), "x"), ("к", "x"), ("k", "a\0b"), ("a\0", "x"),
    ])
  func badTexts(keyword: String, value: String) throws {
    let picture = try gradient()
    let error = #expect(throws: GraphError.self) {
      try picture.png(texts: [Picture.Text(keyword: keyword, value: value)])
    }
    #expect(error?.code == .invalidPicture)
  }

  @Test("Counts that do not fit are refused", arguments: [(2, 2, 11), (0, 5, 0), (-1, -1, 3)])
  func badCounts(width: Int, height: Int, count: Int) {
    #expect(throws: GraphError.self) {
      try Picture(width: width, height: height, pixels: [UInt8](repeating: 0, count: count))
    }
  }

  @Test("Bytes that are no PNG are refused with the reason")
  func notPNG() {
    let empty = #expect(throws: GraphError.self) { try Picture(png: []) }
    #expect(empty?.message == "the PNG file cannot be read: it is empty")
    let text = #expect(throws: GraphError.self) { try Picture(png: Array("hello, world".utf8)) }
    #expect(text?.message == "the PNG file cannot be read: this is not a PNG file")
  }

  @Test("A damaged file is refused wherever it is cut, and never crashes")
  func cutFiles() throws {
    let png = try gradient(width: 40, height: 40).png(texts: [.init(keyword: "prompt", value: "{}")])
    for length in 0..<(png.count - 12) {
      #expect(throws: GraphError.self) { try Picture(png: Array(png.prefix(length))) }
    }
  }

  @Test("A flipped bit is refused or read as a picture of some kind, and never crashes")
  func flippedBits() throws {
    let png = try gradient(width: 16, height: 16).png(texts: [.init(keyword: "prompt", value: "{}")])
    var refused = 0
    for index in png.indices {
      var damaged = png
      damaged[index] ^= 0x10
      do {
        _ = try Picture(png: damaged)
      } catch {
        refused += 1
      }
    }
    #expect(refused > png.count / 2)
  }

  @Test("255·v is cut, not rounded; what lies outside is clamped")
  func conversion() throws {
    let images = try ImageBatch(
      count: 2, height: 1, width: 2,
      values: [0, 0.5, 1, -3, 7, .nan, 0.999, 0.0039, 0.00393, 1.0 / 255, 254.9 / 255, .infinity])
    #expect(try images.picture(at: 0).pixels == [0, 127, 255, 0, 255, 0])
    #expect(try images.picture(at: 1).pixels == [254, 0, 1, 1, 254, 255])
  }

  @Test("A batch whose counts do not fit is refused")
  func badBatch() {
    #expect(throws: GraphError.self) { try ImageBatch(count: 1, height: 2, width: 2, values: [0]) }
    #expect(throws: GraphError.self) { try ImageBatch(count: 0, height: 2, width: 2, values: []) }
  }
}

extension Workflow {
  fileprivate var asText: String { String(decoding: json(), as: UTF8.self) }
}
