// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import InferenceProtos

/// A value that travels with a request or an answer beside the tensors.
public enum InferenceParameter: Sendable, Hashable {
  /// A truth value.
  case bool(Bool)
  /// A signed 64-bit integer.
  case int(Int64)
  /// A string.
  case string(String)
  /// A double-precision number.
  case double(Double)

  /// Names that Triton keeps for itself; a request has properties of its own for what they say.
  static func isReserved(_ name: String) -> Bool {
    let names: Set = [
      "sequence_id", "sequence_start", "sequence_end", "priority", "timeout", "headers", "binary_data_output",
    ]
    return names.contains(name) || name.hasPrefix("triton_")
  }

  var proto: Inference_InferParameter {
    var parameter = Inference_InferParameter()
    switch self {
    case .bool(let value): parameter.boolParam = value
    case .int(let value): parameter.int64Param = value
    case .string(let value): parameter.stringParam = value
    case .double(let value): parameter.doubleParam = value
    }
    return parameter
  }

  /// `nil` for a parameter without a value. Unsigned numbers that do not fit become doubles.
  init?(_ parameter: Inference_InferParameter) {
    switch parameter.parameterChoice {
    case .boolParam(let value): self = .bool(value)
    case .int64Param(let value): self = .int(value)
    case .stringParam(let value): self = .string(value)
    case .doubleParam(let value): self = .double(value)
    case .uint64Param(let value): self = Int64(exactly: value).map(Self.int) ?? .double(Double(value))
    case nil: return nil
    }
  }
}

extension InferenceParameter: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByStringLiteral, ExpressibleByFloatLiteral
{
  /// A truth value.
  public init(booleanLiteral value: Bool) { self = .bool(value) }

  /// A signed 64-bit integer.
  public init(integerLiteral value: Int64) { self = .int(value) }

  /// A string.
  public init(stringLiteral value: String) { self = .string(value) }

  /// A double-precision number.
  public init(floatLiteral value: Double) { self = .double(value) }
}

/// As the bare value, which is how the protocol's JSON has it. A double without a fraction comes back as an integer:
/// JSON has one kind of number.
extension InferenceParameter: Codable {
  /// Reads a truth value, a number or a string.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Int64.self) {
      self = .int(value)
    } else if let value = try? container.decode(Double.self) {
      self = .double(value)
    } else {
      self = .string(try container.decode(String.self))
    }
  }

  /// Writes the bare value.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .bool(let value): try container.encode(value)
    case .int(let value): try container.encode(value)
    case .string(let value): try container.encode(value)
    case .double(let value): try container.encode(value)
    }
  }
}
