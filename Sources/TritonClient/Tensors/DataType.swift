// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// The type of a tensor's elements: one of the fourteen of the KServe v2 protocol.
///
/// New types may be added; a `switch` over data types therefore needs a `default`.
public struct DataType: Hashable, Sendable {
  private enum Value: String, CaseIterable {
    case bool = "BOOL"
    case uint8 = "UINT8"
    case uint16 = "UINT16"
    case uint32 = "UINT32"
    case uint64 = "UINT64"
    case int8 = "INT8"
    case int16 = "INT16"
    case int32 = "INT32"
    case int64 = "INT64"
    case fp16 = "FP16"
    case fp32 = "FP32"
    case fp64 = "FP64"
    case bf16 = "BF16"
    case bytes = "BYTES"
  }

  private let value: Value

  /// The types by all their names.
  private static let values: [String: Value] = {
    var values: [String: Value] = ["TYPE_STRING": .bytes, "STRING": .bytes]
    for value in Value.allCases {
      values[value.rawValue] = value
      values["TYPE_\(value.rawValue)"] = value
    }
    return values
  }()

  private init(_ value: Value) {
    self.value = value
  }

  /// Truth values, one byte each: 0 or 1.
  public static var bool: DataType { DataType(.bool) }
  /// Unsigned 8-bit integers.
  public static var uint8: DataType { DataType(.uint8) }
  /// Unsigned 16-bit integers.
  public static var uint16: DataType { DataType(.uint16) }
  /// Unsigned 32-bit integers.
  public static var uint32: DataType { DataType(.uint32) }
  /// Unsigned 64-bit integers.
  public static var uint64: DataType { DataType(.uint64) }
  /// Signed 8-bit integers.
  public static var int8: DataType { DataType(.int8) }
  /// Signed 16-bit integers.
  public static var int16: DataType { DataType(.int16) }
  /// Signed 32-bit integers.
  public static var int32: DataType { DataType(.int32) }
  /// Signed 64-bit integers.
  public static var int64: DataType { DataType(.int64) }
  /// IEEE 754 half precision, 2 bytes.
  public static var fp16: DataType { DataType(.fp16) }
  /// IEEE 754 single precision, 4 bytes.
  public static var fp32: DataType { DataType(.fp32) }
  /// IEEE 754 double precision, 8 bytes.
  public static var fp64: DataType { DataType(.fp64) }
  /// The upper half of a single-precision number, 2 bytes.
  public static var bf16: DataType { DataType(.bf16) }
  /// Byte strings of any length, each preceded by its length as a 32-bit integer.
  public static var bytes: DataType { DataType(.bytes) }

  /// Every data type.
  public static var all: [DataType] { Value.allCases.map(DataType.init) }

  /// The type with the protocol's name for it, such as "FP32"; `nil` if there is none.
  ///
  /// A model configuration's spelling, "TYPE_FP32" and "TYPE_STRING", is understood too.
  public init?(name: String) {
    guard let value = DataType.values[name] else { return nil }
    self.value = value
  }

  /// The protocol's name: "BOOL", "UINT8", …, "BYTES".
  public var name: String { self.value.rawValue }

  /// Bytes that one element takes; `nil` for ``bytes``, whose elements differ in length.
  public var byteWidth: Int? {
    switch self.value {
    case .bool, .uint8, .int8: 1
    case .uint16, .int16, .fp16, .bf16: 2
    case .uint32, .int32, .fp32: 4
    case .uint64, .int64, .fp64: 8
    case .bytes: nil
    }
  }
}

extension DataType: CustomStringConvertible {
  /// The protocol's name.
  public var description: String { self.name }
}
