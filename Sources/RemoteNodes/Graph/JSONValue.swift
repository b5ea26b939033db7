// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// A JSON value that keeps what Foundation's readers lose: the order of members and the spelling of numbers.
///
/// A seed of 2^64 − 1 stays exact, and a workflow goes into a picture's metadata as it was written.
public enum JSONValue: Sendable, Hashable {
  /// null
  case null
  /// true or false
  case boolean(Bool)
  /// A number as it was spelled.
  case number(String)
  /// A string.
  case string(String)
  /// A list.
  case array([JSONValue])
  /// Members in their order, each name once.
  case object([Member])

  /// A name and its value.
  public struct Member: Sendable, Hashable {
    /// The name.
    public var name: String
    /// The value.
    public var value: JSONValue

    /// A member of an object.
    public init(_ name: String, _ value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  /// The value of a member; nil where this is no object or has no such member.
  public subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  /// What kind of value it is, for error texts: "a string", "a list", …
  var kind: String {
    switch self {
    case .null: "null"
    case .boolean: "true or false"
    case .number: "a number"
    case .string: "a string"
    case .array: "a list"
    case .object: "an object"
    }
  }

  /// The text of the value as Python's `json.dumps` writes it: ASCII only, ", " and ": " between.
  public var text: String {
    var output = ""
    write(to: &output)
    return output
  }

  private func write(to output: inout String) {
    switch self {
    case .null: output += "null"
    case .boolean(let value): output += value ? "true" : "false"
    case .number(let spelling): output += spelling
    case .string(let value): Self.write(value, to: &output)
    case .array(let values):
      output += "["
      for (index, value) in values.enumerated() {
        if index > 0 { output += ", " }
        value.write(to: &output)
      }
      output += "]"
    case .object(let members):
      output += "{"
      for (index, member) in members.enumerated() {
        if index > 0 { output += ", " }
        Self.write(member.name, to: &output)
        output += ": "
        member.value.write(to: &output)
      }
      output += "}"
    }
  }

  private static func write(_ value: String, to output: inout String) {
    output += "\""
    for unit in value.utf16 {
      switch unit {
      case 0x22: output += "\\\""
      case 0x5c: output += "\\\\"
      case 0x08: output += "\\b"
      case 0x09: output += "\\t"
      case 0x0a: output += "\\n"
      case 0x0c: output += "\\f"
      case 0x0d: output += "\\r"
      case 0x20...0x7e: output.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
      default:
        let digits = String(unit, radix: 16)
        output += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }
    }
    output += "\""
  }
}
