// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import InferenceProtos

/// The value of a setting of the server's log.
public enum LogSetting: Sendable, Hashable {
  /// Whether something is logged.
  case bool(Bool)
  /// How much is logged; 0 for the least.
  case level(UInt32)
  /// A file or a format.
  case string(String)

  init?(_ value: Inference_LogSettingsResponse.SettingValue) {
    switch value.parameterChoice {
    case .boolParam(let flag): self = .bool(flag)
    case .uint32Param(let level): self = .level(level)
    case .stringParam(let text): self = .string(text)
    case nil: return nil
    }
  }
}

extension LogSetting: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
  /// Whether something is logged.
  public init(booleanLiteral value: Bool) { self = .bool(value) }

  /// How much is logged.
  public init(integerLiteral value: UInt32) { self = .level(value) }

  /// A file or a format.
  public init(stringLiteral value: String) { self = .string(value) }
}

/// As the bare value, which is how Triton's JSON has it.
extension LogSetting: Codable {
  /// Reads a truth value, a level or a string.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(UInt32.self) {
      self = .level(value)
    } else {
      self = .string(try container.decode(String.self))
    }
  }

  /// Writes the bare value.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .bool(let value): try container.encode(value)
    case .level(let value): try container.encode(value)
    case .string(let value): try container.encode(value)
    }
  }
}
