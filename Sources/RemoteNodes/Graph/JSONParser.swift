// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// Reads JSON (RFC 8259) from UTF-8 and says where it goes wrong.
struct JSONParser {
  /// The place and nature of a mistake.
  struct Mistake: Error, CustomStringConvertible {
    var line: Int
    var column: Int
    var message: String

    var description: String { "line \(line), column \(column): \(message)" }
  }

  /// Deeper nesting is refused: it would use up the stack.
  private static let deepest = 200

  private let bytes: [UInt8]
  private var position = 0

  /// The value that the whole of `bytes` spells.
  ///
  /// - Throws: `Mistake`.
  static func parse(_ bytes: [UInt8]) throws -> JSONValue {
    var parser = JSONParser(bytes: bytes)
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { parser.position = 3 }
    let value = try parser.value(depth: 0)
    parser.skipSpace()
    guard parser.position == bytes.count else {
      throw parser.mistake("something follows the end of the value")
    }
    return value
  }

  private init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private func mistake(_ message: String) -> Mistake {
    let before = bytes[..<min(position, bytes.count)]
    let line = before.count(where: { $0 == UInt8(ascii: "\n") }) + 1
    let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    return Mistake(line: line, column: before.count - lineStart + 1, message: message)
  }

  private mutating func skipSpace() {
    while let byte = current, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { position += 1 }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard current == byte else { return false }
    position += 1
    return true
  }

  private mutating func value(depth: Int) throws -> JSONValue {
    guard depth <= Self.deepest else { throw mistake("nested more than \(Self.deepest) deep") }
    skipSpace()
    switch current {
    case nil: throw mistake("the text ends where a value should be")
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .boolean(true))
    case UInt8(ascii: "f"): return try word("false", .boolean(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func word(_ word: String, _ value: JSONValue) throws -> JSONValue {
    guard bytes[position...].starts(with: word.utf8) else { throw mistake("this is no JSON value") }
    position += word.utf8.count
    return value
  }

  private mutating func object(depth: Int) throws -> JSONValue {
    position += 1
    var members: [JSONValue.Member] = []
    var names: Set<String> = []
    skipSpace()
    if take(UInt8(ascii: "}")) { return .object([]) }
    repeat {
      skipSpace()
      guard current == UInt8(ascii: "\"") else { throw mistake("expected a member's name in quotes") }
      let name = try string()
      guard names.insert(name).inserted else { throw mistake("the name \(quoted(name)) is there twice") }
      skipSpace()
      guard take(UInt8(ascii: ":")) else { throw mistake("expected ':' after the name \(quoted(name))") }
      members.append(JSONValue.Member(name, try value(depth: depth + 1)))
      skipSpace()
    } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "}")) else { throw mistake("expected ',' or '}'") }
    return .object(members)
  }

  private mutating func array(depth: Int) throws -> JSONValue {
    position += 1
    var values: [JSONValue] = []
    skipSpace()
    if take(UInt8(ascii: "]")) { return .array([]) }
    repeat {
      values.append(try value(depth: depth + 1))
      skipSpace()
    } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "]")) else { throw mistake("expected ',' or ']'") }
    return .array(values)
  }

  private mutating func digits() -> Int {
    let start = position
    while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
    return position - start
  }

  private mutating func number() throws -> JSONValue {
    let start = position
    _ = take(UInt8(ascii: "-"))
    let leadsWithZero = current == UInt8(ascii: "0")
    let whole = digits()
    guard whole > 0, !leadsWithZero || whole == 1 else { throw mistake("this is no JSON value") }
    if take(UInt8(ascii: ".")), digits() == 0 { throw mistake("a digit must follow the point") }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      if digits() == 0 { throw mistake("the exponent has no digits") }
    }
    return .number(String(decoding: bytes[start..<position], as: UTF8.self))
  }

  private mutating func string() throws -> String {
    position += 1
    var text = ""
    var runStart = position
    while true {
      guard let byte = current, byte >= 0x20 else {
        throw mistake(current == nil ? "a string has no end" : "a control character in a string")
      }
      if byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\") {
        position += 1
        continue
      }
      if runStart < position {
        guard let run = String(validating: bytes[runStart..<position], as: UTF8.self) else {
          throw mistake("a string is not valid UTF-8")
        }
        text += run
      }
      position += 1
      if byte == UInt8(ascii: "\"") { return text }
      var units = [try escape()]
      // Characters beyond the basic plane are spelled as two escapes in a row.
      if UTF16.isLeadSurrogate(units[0]), bytes[position...].starts(with: "\\u".utf8) {
        position += 1
        units.append(try escape())
      }
      text += String(decoding: units, as: UTF16.self)
      runStart = position
    }
  }

  /// The unit that an escape stands for; `position` is after its backslash.
  private mutating func escape() throws -> UInt16 {
    guard let byte = current else { throw mistake("a string has no end") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return UInt16(byte)
    case UInt8(ascii: "b"): return 0x08
    case UInt8(ascii: "f"): return 0x0c
    case UInt8(ascii: "n"): return 0x0a
    case UInt8(ascii: "r"): return 0x0d
    case UInt8(ascii: "t"): return 0x09
    case UInt8(ascii: "u"):
      let digits = bytes[position...].prefix(4)
      guard digits.count == 4, digits.allSatisfy({ Unicode.Scalar($0).properties.isASCIIHexDigit }),
        let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
      else { throw mistake("\\u must be followed by four hexadecimal digits") }
      position += 4
      return unit
    default: throw mistake("an unknown escape")
    }
  }
}
