// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// A Swift type whose values are elements of a tensor, bit for bit.
///
/// The wire is little endian, as is every platform this package builds for.
public protocol TensorElement: BitwiseCopyable, Sendable {
  /// The data type of a tensor with such elements.
  static var dataType: DataType { get }

  /// Whether `bytes` holds values of this type only. Numbers may have any bit pattern; a `Bool` may not.
  static func areValid(_ bytes: UnsafeRawBufferPointer) -> Bool
}

extension TensorElement {
  /// Every bit pattern is a value.
  public static func areValid(_ bytes: UnsafeRawBufferPointer) -> Bool { true }
}

extension Bool: TensorElement {
  /// ``DataType/bool``.
  public static var dataType: DataType { .bool }

  /// Each byte is 0 or 1.
  public static func areValid(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.allSatisfy { $0 <= 1 }
  }
}

extension UInt8: TensorElement {
  /// ``DataType/uint8``.
  public static var dataType: DataType { .uint8 }
}

extension UInt16: TensorElement {
  /// ``DataType/uint16``.
  public static var dataType: DataType { .uint16 }
}

extension UInt32: TensorElement {
  /// ``DataType/uint32``.
  public static var dataType: DataType { .uint32 }
}

extension UInt64: TensorElement {
  /// ``DataType/uint64``.
  public static var dataType: DataType { .uint64 }
}

extension Int8: TensorElement {
  /// ``DataType/int8``.
  public static var dataType: DataType { .int8 }
}

extension Int16: TensorElement {
  /// ``DataType/int16``.
  public static var dataType: DataType { .int16 }
}

extension Int32: TensorElement {
  /// ``DataType/int32``.
  public static var dataType: DataType { .int32 }
}

extension Int64: TensorElement {
  /// ``DataType/int64``.
  public static var dataType: DataType { .int64 }
}

extension Float: TensorElement {
  /// ``DataType/fp32``.
  public static var dataType: DataType { .fp32 }
}

extension Double: TensorElement {
  /// ``DataType/fp64``.
  public static var dataType: DataType { .fp64 }
}
