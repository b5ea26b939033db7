// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import CTritonTransport

/// Floating-point tensors of any width, as `Float`.
extension Tensor {
  /// A tensor of ``DataType/fp16``, ``DataType/bf16``, ``DataType/fp32`` or ``DataType/fp64`` with the values
  /// of an array, rounded to nearest, ties to even.
  ///
  /// - Parameters:
  ///   - floats: the elements in row-major order.
  ///   - shape: sizes of the dimensions; their product is the number of elements.
  ///   - dataType: a floating-point type.
  /// - Throws: ``InferenceError`` with `invalidArgument` when the shape does not fit, `typeMismatch` for a data
  ///   type that is not floating-point.
  public init(floats: [Float], shape: [Int], as dataType: DataType) throws {
    switch dataType {
    case .fp32:
      try self.init(floats, shape: shape)
    case .fp64:
      try self.init(floats.map(Double.init), shape: shape)
    case .fp16:
      try self.init(floats, shape: shape, as: dataType, converting: CTriton_fp16_from_float)
    case .bf16:
      try self.init(floats, shape: shape, as: dataType, converting: CTriton_bf16_from_float)
    default:
      throw InferenceError(
        code: .typeMismatch,
        message: "\(dataType) is not a floating-point type: use FP16, BF16, FP32 or FP64"
      )
    }
  }

  /// The elements of a floating-point tensor of any width. FP64 is rounded to nearest; the others are exact.
  ///
  /// - Throws: ``InferenceError`` with `typeMismatch` when the tensor is not floating-point.
  public func floats() throws -> [Float] {
    switch self.dataType {
    case .fp32: try self.array(of: Float.self)
    case .fp64: try self.withElements(of: Double.self) { $0.map(Float.init) }
    case .fp16: self.floats(converting: CTriton_float_from_fp16)
    case .bf16: self.floats(converting: CTriton_float_from_bf16)
    default:
      throw InferenceError(
        code: .typeMismatch,
        message: "a tensor of \(self) was read as floating-point numbers"
      )
    }
  }

  private init(
    _ floats: [Float],
    shape: [Int],
    as dataType: DataType,
    converting convert: (UnsafePointer<Float>, UnsafeMutableRawPointer, Int) -> Void
  ) throws {
    try Tensor.checkCount(floats.count, of: shape)
    let storage = OwnedStorage(byteCount: floats.count * 2) { memory in
      floats.withUnsafeBufferPointer { source in
        if let source = source.baseAddress, let destination = memory.baseAddress {
          convert(source, destination, floats.count)
        }
      }
    }
    self.init(shape: shape, dataType: dataType, storage: storage)
  }

  private func floats(
    converting convert: (UnsafeRawPointer, UnsafeMutablePointer<Float>, Int) -> Void
  ) -> [Float] {
    self.withUnsafeBytes { source in
      Array(unsafeUninitializedCapacity: self.elementCount) { destination, count in
        if let source = source.baseAddress, let destination = destination.baseAddress {
          convert(source, destination, self.elementCount)
        }
        count = self.elementCount
      }
    }
  }
}
