// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// An input of a node: its name, its type and what it accepts.
public struct NodeInput: Sendable, Hashable {
  enum Constraint: Sendable, Hashable {
    case none
    case integers(ClosedRange<Int128>, multipleOf: Int128)
    case numbers(ClosedRange<Double>)
    case choices([String])
  }

  /// The name in the workflow.
  public let name: String
  /// The type it takes.
  public let type: ValueType
  /// Whether a workflow may leave it out.
  public let isRequired: Bool
  /// The value a form would show at first; a workflow that leaves the input out does not get it.
  public let suggestion: JSONValue?
  let constraint: Constraint

  /// An input that only a link can fill.
  public static func link(_ name: String, _ type: ValueType) -> NodeInput {
    NodeInput(name: name, type: type, isRequired: true, suggestion: nil, constraint: .none)
  }

  /// A whole number in a range, and a multiple of a number.
  public static func integer(
    _ name: String, suggestion: Int128, in range: ClosedRange<Int128>, multipleOf: Int128 = 1
  ) -> NodeInput {
    NodeInput(
      name: name, type: .integer, isRequired: true, suggestion: .number(String(suggestion)),
      constraint: .integers(range, multipleOf: multipleOf))
  }

  /// A number in a range.
  public static func number(_ name: String, suggestion: Double, in range: ClosedRange<Double>) -> NodeInput {
    NodeInput(
      name: name, type: .number, isRequired: true, suggestion: .number(String(suggestion)),
      constraint: .numbers(range))
  }

  /// A text.
  public static func string(_ name: String, suggestion: String = "") -> NodeInput {
    NodeInput(
      name: name, type: .string, isRequired: true, suggestion: .string(suggestion), constraint: .none)
  }

  /// One of several texts. An empty list accepts any: the node checks it against the server.
  public static func choice(_ name: String, _ choices: [String]) -> NodeInput {
    NodeInput(
      name: name, type: .choice, isRequired: true, suggestion: choices.first.map(JSONValue.string),
      constraint: .choices(choices))
  }

  /// Whether a plain value, not only a link, can fill it.
  public var acceptsLiterals: Bool {
    [.integer, .number, .string, .choice, .boolean].contains(type)
  }
}
