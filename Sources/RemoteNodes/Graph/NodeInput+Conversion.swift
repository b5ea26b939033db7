// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation

extension NodeInput {
  /// Why a plain value cannot fill an input.
  struct Refusal: Error, Hashable {
    var code: GraphError.Code = .invalidInput
    var message: String
  }

  /// A plain value of the workflow as this input's type. Numbers may be spelled as texts and the other way
  /// round.
  ///
  /// - Throws: `Refusal` that says what is accepted.
  func value(of json: JSONValue) throws(Refusal) -> GraphValue {
    switch type {
    case .integer: return GraphValue(type, try integer(json))
    case .number: return GraphValue(type, try number(json))
    case .string: return GraphValue(type, try text(json))
    case .choice: return GraphValue(type, try choice(json))
    case .boolean: return GraphValue(type, try boolean(json))
    default:
      throw Refusal(
        message: "\(name) must be linked to a node that gives \(type), not be \(Self.shown(json))")
    }
  }

  private func integer(_ json: JSONValue) throws(Refusal) -> Int128 {
    guard let value = Self.spelling(json).flatMap(Self.wholeNumber) else {
      throw Refusal(message: "\(name) must be a whole number, not \(Self.shown(json))")
    }
    guard case .integers(let range, let factor) = constraint else { return value }
    if value < range.lowerBound {
      throw Refusal(message: "\(name) \(value) is too small: the least is \(range.lowerBound)")
    }
    if value > range.upperBound {
      throw Refusal(message: "\(name) \(value) is too large: the most is \(range.upperBound)")
    }
    if !value.isMultiple(of: factor) {
      let below = value - value % factor
      let near = [below, below + factor].filter(range.contains).map { "\($0)" }
      throw Refusal(message: "\(name) \(value) is not a multiple of \(factor): use \(listed(near))")
    }
    return value
  }

  private func number(_ json: JSONValue) throws(Refusal) -> Double {
    guard let value = Self.spelling(json).flatMap({ Double($0.trimmingCharacters(in: .whitespaces)) }),
      value.isFinite
    else {
      throw Refusal(message: "\(name) must be a number, not \(Self.shown(json))")
    }
    guard case .numbers(let range) = constraint else { return value }
    if value < range.lowerBound {
      throw Refusal(message: "\(name) \(value) is too small: the least is \(range.lowerBound)")
    }
    if value > range.upperBound {
      throw Refusal(message: "\(name) \(value) is too large: the most is \(range.upperBound)")
    }
    return value
  }

  private func text(_ json: JSONValue) throws(Refusal) -> String {
    guard let value = Self.spelling(json) else {
      throw Refusal(message: "\(name) must be a text, not \(Self.shown(json))")
    }
    return value
  }

  private func choice(_ json: JSONValue) throws(Refusal) -> String {
    let value = try text(json)
    guard case .choices(let choices) = constraint, !choices.isEmpty, !choices.contains(value) else {
      return value
    }
    let code: GraphError.Code =
      switch name {
      case "sampler_name": .unknownSampler
      case "scheduler": .unknownScheduler
      default: .invalidInput
      }
    throw Refusal(code: code, message: "\(name) \(quoted(value)) is unknown: use \(listed(choices))")
  }

  private func boolean(_ json: JSONValue) throws(Refusal) -> Bool {
    if case .boolean(let value) = json { return value }
    throw Refusal(message: "\(name) must be true or false, not \(Self.shown(json))")
  }

  /// What a plain value would look like as a text; nil for null, lists and objects.
  private static func spelling(_ json: JSONValue) -> String? {
    switch json {
    case .number(let spelling), .string(let spelling): spelling
    case .boolean(let value): value ? "1" : "0"
    case .null, .array, .object: nil
    }
  }

  /// "512", "512.0" and "5.7", which is cut to 5.
  private static func wholeNumber(_ spelling: String) -> Int128? {
    let text = spelling.trimmingCharacters(in: .whitespaces)
    if let value = Int128(text) { return value }
    guard let value = Double(text), value.isFinite, abs(value) < 0x1p126 else { return nil }
    return Int128(value)
  }

  /// A value in an error text, shortened.
  private static func shown(_ json: JSONValue) -> String {
    switch json {
    case .string(let value): quoted(String(value.prefix(60)))
    case .number(let spelling): spelling
    default: json.kind
    }
  }
}
