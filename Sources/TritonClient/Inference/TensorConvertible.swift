// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// A Swift type whose values can be given to a model, and taken from it, as plain arrays.
///
/// Numbers and truth values fit one data type each. `Float` fits every floating-point type: it is rounded to
/// nearest, ties to even, on the way to FP16 and BF16, and FP64 on the way back. `String` and byte arrays fit
/// BYTES.
public protocol TensorConvertible: Sendable {
  /// A tensor of a data type with elements in row-major order.
  ///
  /// - Throws: ``InferenceError`` with `typeMismatch` for a data type that the elements do not fit,
  ///   `invalidArgument` when the shape has another number of elements.
  static func tensor(_ elements: [Self], shape: [Int], dataType: DataType) throws -> Tensor

  /// The elements of a tensor in row-major order.
  ///
  /// - Throws: ``InferenceError`` with `typeMismatch` for a data type that the elements do not fit.
  static func elements(of tensor: Tensor) throws -> [Self]
}

extension TensorConvertible where Self: TensorElement {
  /// A tensor of the type's own data type.
  public static func tensor(_ elements: [Self], shape: [Int], dataType: DataType) throws -> Tensor {
    guard dataType == Self.dataType else { throw InferenceError.doesNotFit(Self.self, dataType) }
    return try Tensor(elements, shape: shape)
  }

  /// The elements as they are.
  public static func elements(of tensor: Tensor) throws -> [Self] {
    try tensor.array(of: Self.self)
  }
}

extension Bool: TensorConvertible {}
extension UInt8: TensorConvertible {}
extension UInt16: TensorConvertible {}
extension UInt32: TensorConvertible {}
extension UInt64: TensorConvertible {}
extension Int8: TensorConvertible {}
extension Int16: TensorConvertible {}
extension Int32: TensorConvertible {}
extension Int64: TensorConvertible {}
extension Double: TensorConvertible {}

extension Float: TensorConvertible {
  /// A tensor of any floating-point type.
  public static func tensor(_ elements: [Float], shape: [Int], dataType: DataType) throws -> Tensor {
    try Tensor(floats: elements, shape: shape, as: dataType)
  }

  /// The elements of a tensor of any floating-point type.
  public static func elements(of tensor: Tensor) throws -> [Float] {
    try tensor.floats()
  }
}

extension String: TensorConvertible {
  /// A tensor of byte strings, encoded as UTF-8.
  public static func tensor(_ elements: [String], shape: [Int], dataType: DataType) throws -> Tensor {
    guard dataType == .bytes else { throw InferenceError.doesNotFit(String.self, dataType) }
    return try Tensor(strings: elements, shape: shape)
  }

  /// The elements of a tensor of byte strings, which must be UTF-8.
  public static func elements(of tensor: Tensor) throws -> [String] {
    try tensor.strings()
  }
}

extension [UInt8]: TensorConvertible {
  /// A tensor of byte strings.
  public static func tensor(_ elements: [[UInt8]], shape: [Int], dataType: DataType) throws -> Tensor {
    guard dataType == .bytes else { throw InferenceError.doesNotFit([UInt8].self, dataType) }
    return try Tensor(byteStrings: elements, shape: shape)
  }

  /// The elements of a tensor of byte strings.
  public static func elements(of tensor: Tensor) throws -> [[UInt8]] {
    try tensor.byteStrings()
  }
}

extension InferenceError {
  fileprivate static func doesNotFit(_ type: any TensorConvertible.Type, _ dataType: DataType)
    -> InferenceError
  {
    InferenceError(
      code: .typeMismatch,
      message: "elements of \(type) were given for a tensor of \(dataType)"
    )
  }
}
