// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import CPictures

extension Picture {
  /// A text inside a PNG file.
  public struct Text: Sendable, Hashable {
    /// What it is: 1 to 79 Latin-1 characters, "prompt" for a workflow.
    public var keyword: String
    /// The text itself; no zero characters.
    public var value: String

    /// A text of that keyword.
    public init(keyword: String, value: String) {
      self.keyword = keyword
      self.value = value
    }
  }

  /// The picture as a PNG file.
  ///
  /// - Parameters:
  ///   - texts: to embed: a tEXt chunk where Latin-1 has all characters, otherwise an iTXt chunk (UTF-8).
  ///   - compression: zlib level, 0 … 9.
  /// - Throws: `GraphError` (`.invalidPicture`) with libpng's reason.
  public func png(texts: [Text] = [], compression: Int = 4) throws -> [UInt8] {
    var encoded: OpaquePointer?
    var error = CPictures_error()
    let done = try Self.withCTexts(texts) { cTexts in
      pixels.withUnsafeBufferPointer { pixels -> Int32 in
        guard let base = pixels.baseAddress else { return 0 }
        return CPictures_png_encode(
          base, UInt32(width), UInt32(height), cTexts.baseAddress, cTexts.count,
          Int32(min(max(compression, 0), 9)), &encoded, &error)
      }
    }
    guard done == 1, let encoded else {
      throw GraphError(.invalidPicture, "the picture cannot be written as PNG: \(Self.message(of: error))")
    }
    defer { CPictures_bytes_destroy(encoded) }
    return Array(
      UnsafeBufferPointer(start: CPictures_bytes_borrow(encoded), count: CPictures_bytes_count(encoded)))
  }

  /// Reads a PNG file; everything becomes 8-bit RGB, transparency is dropped.
  ///
  /// - Throws: `GraphError` (`.invalidPicture`) with libpng's reason.
  public init(png: [UInt8]) throws {
    self = try Self.decode(png: png).picture
  }

  /// The texts inside a PNG file, in their order.
  ///
  /// - Throws: `GraphError` (`.invalidPicture`) with libpng's reason.
  public static func texts(png: [UInt8]) throws -> [Text] {
    try decode(png: png).texts
  }

  private static func decode(png: [UInt8]) throws -> (picture: Picture, texts: [Text]) {
    var decoded: OpaquePointer?
    var error = CPictures_error()
    let done = png.withUnsafeBufferPointer { bytes -> Int32 in
      guard let base = bytes.baseAddress else { return 0 }
      return CPictures_png_decode(base, bytes.count, &decoded, &error)
    }
    guard done == 1, let decoded else {
      let reason = png.isEmpty ? "it is empty" : message(of: error)
      throw GraphError(.invalidPicture, "the PNG file cannot be read: \(reason)")
    }
    defer { CPictures_picture_destroy(decoded) }
    let width = Int(CPictures_picture_width(decoded))
    let height = Int(CPictures_picture_height(decoded))
    let pixels = UnsafeBufferPointer(
      start: CPictures_picture_borrow_pixels(decoded), count: width * height * 3)
    let texts = (0..<CPictures_picture_text_count(decoded)).map { index in
      let text = CPictures_picture_borrow_text(decoded, index)
      let value =
        text.is_utf8 != 0 ? String(cString: text.text) : string(latin1: text.text)
      return Text(keyword: string(latin1: text.keyword), value: value)
    }
    return (try Picture(width: width, height: height, pixels: Array(pixels)), texts)
  }

  /// Calls `body` with the texts in C's form, which lives as long as the call.
  private static func withCTexts<Result>(
    _ texts: [Text], _ body: (UnsafeBufferPointer<CPictures_text>) throws -> Result
  ) throws -> Result {
    var strings: [[CChar]] = []
    for text in texts {
      guard let keyword = latin1(text.keyword), (1...79).contains(keyword.count), !keyword.contains(0) else {
        throw GraphError(
          .invalidPicture, "a PNG keyword has 1 to 79 Latin-1 characters, given \(quoted(text.keyword))")
      }
      let value = latin1(text.value) ?? Array(text.value.utf8)
      guard !value.contains(0) else {
        throw GraphError(.invalidPicture, "the PNG text \(quoted(text.keyword)) contains a zero character")
      }
      strings += [keyword, value].map { $0.map { CChar(bitPattern: $0) } + [0] }
    }
    // One block for all strings, so that one closure keeps all pointers valid.
    let block = strings.flatMap { $0 }
    return try block.withUnsafeBufferPointer { block in
      guard let base = block.baseAddress else { return try body(UnsafeBufferPointer(start: nil, count: 0)) }
      var start = base
      var pointers: [UnsafePointer<CChar>] = []
      for string in strings {
        pointers.append(start)
        start += string.count
      }
      let cTexts = texts.indices.map { index in
        CPictures_text(
          keyword: pointers[2 * index], text: pointers[2 * index + 1],
          is_utf8: latin1(texts[index].value) == nil ? 1 : 0)
      }
      return try cTexts.withUnsafeBufferPointer(body)
    }
  }

  /// The bytes of a text in Latin-1; nil where it has other characters.
  private static func latin1(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    for scalar in text.unicodeScalars {
      guard let byte = UInt8(exactly: scalar.value) else { return nil }
      bytes.append(byte)
    }
    return bytes
  }

  private static func string(latin1 text: UnsafePointer<CChar>) -> String {
    var result = String.UnicodeScalarView()
    var next = text
    while next.pointee != 0 {
      result.append(Unicode.Scalar(UInt8(bitPattern: next.pointee)))
      next += 1
    }
    return String(result)
  }

  private static func message(of error: CPictures_error) -> String {
    withUnsafeBytes(of: error.message) { bytes in
      let end = bytes.firstIndex(of: 0) ?? bytes.endIndex
      let text = String(decoding: bytes[..<end], as: UTF8.self)
      return text.isEmpty ? "for a reason libpng does not tell" : text
    }
  }
}
