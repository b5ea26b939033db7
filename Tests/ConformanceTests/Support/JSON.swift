// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation

/// A JSON value: what goes to the peer and what is compared. Numbers are whole; others are told in text.
enum JSON: Hashable, Sendable {
  case null
  case bool(Bool)
  case number(Int)
  case string(String)
  case array([JSON])
  case object([String: JSON])

  /// A value made of text that a program wrote.
  init(parsing text: String) throws {
    self = try JSONDecoder().decode(JSON.self, from: Data(text.utf8))
  }

  /// Bytes in base64.
  static func bytes(_ bytes: some Sequence<UInt8>) -> JSON {
    .string(Data(bytes).base64EncodedString())
  }

  /// The value on one line, the keys in order.
  func text() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }
}

extension JSON: Codable {
  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Int.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([JSON].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: JSON].self))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .bool(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .string(let value): try container.encode(value)
    case .array(let value): try container.encode(value)
    case .object(let value): try container.encode(value)
    }
  }
}

extension JSON: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByStringLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
  init(booleanLiteral value: Bool) { self = .bool(value) }
  init(integerLiteral value: Int) { self = .number(value) }
  init(stringLiteral value: String) { self = .string(value) }
  init(arrayLiteral elements: JSON...) { self = .array(elements) }
  init(nilLiteral: ()) { self = .null }

  init(dictionaryLiteral elements: (String, JSON)...) {
    self = .object(Dictionary(uniqueKeysWithValues: elements))
  }
}

extension JSON {
  /// A value that is not of the kind that a step needs: a fault of the table of operations.
  struct Mismatch: Error {
    let expected: String
    let found: JSON
  }

  /// What an object has under a key; `nil` where it has nothing.
  subscript(key: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members[key]
  }

  var boolean: Bool {
    get throws {
      guard case .bool(let value) = self else { throw Mismatch(expected: "a truth value", found: self) }
      return value
    }
  }

  var integer: Int {
    get throws {
      guard case .number(let value) = self else { throw Mismatch(expected: "a number", found: self) }
      return value
    }
  }

  var string: String {
    get throws {
      guard case .string(let value) = self else { throw Mismatch(expected: "a string", found: self) }
      return value
    }
  }

  var elements: [JSON] {
    get throws {
      guard case .array(let value) = self else { throw Mismatch(expected: "an array", found: self) }
      return value
    }
  }

  var members: [String: JSON] {
    get throws {
      guard case .object(let value) = self else { throw Mismatch(expected: "an object", found: self) }
      return value
    }
  }

  /// The bytes of a base64 string.
  var data: Data {
    get throws {
      guard let data = Data(base64Encoded: try self.string) else {
        throw Mismatch(expected: "base64", found: self)
      }
      return data
    }
  }

  /// What an object must have under a key.
  func required(_ key: String) throws -> JSON {
    guard let value = self[key] else { throw Mismatch(expected: "an object with \(key)", found: self) }
    return value
  }
}
