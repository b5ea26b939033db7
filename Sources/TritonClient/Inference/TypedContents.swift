// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import InferenceProtos

/// Why elements that were written one by one are not those of a tensor, as the end of a sentence.
struct TypedContentsProblem: Error {
  let text: String
}

extension Tensor {
  /// The elements of an `InferTensorContents`, the field for servers that do not write raw contents. Which of its
  /// lists holds the elements follows from the data type (KServe v2, "Inference gRPC tensor contents"); there is
  /// none for FP16 and BF16.
  ///
  /// - Throws: ``TypedContentsProblem``.
  init(_ contents: Inference_InferTensorContents, shape: [Int], dataType: DataType) throws {
    switch dataType {
    case .bool: try self.init(typed: contents.boolContents, shape: shape)
    case .uint8: try self.init(narrowing: contents.uintContents, to: UInt8.self, shape: shape)
    case .uint16: try self.init(narrowing: contents.uintContents, to: UInt16.self, shape: shape)
    case .uint32: try self.init(typed: contents.uintContents, shape: shape)
    case .uint64: try self.init(typed: contents.uint64Contents, shape: shape)
    case .int8: try self.init(narrowing: contents.intContents, to: Int8.self, shape: shape)
    case .int16: try self.init(narrowing: contents.intContents, to: Int16.self, shape: shape)
    case .int32: try self.init(typed: contents.intContents, shape: shape)
    case .int64: try self.init(typed: contents.int64Contents, shape: shape)
    case .fp32: try self.init(typed: contents.fp32Contents, shape: shape)
    case .fp64: try self.init(typed: contents.fp64Contents, shape: shape)
    case .bytes:
      try Tensor.checkTypedCount(contents.bytesContents.count, shape: shape)
      try self.init(byteStrings: contents.bytesContents.map { Array($0) }, shape: shape)
    default:
      try Tensor.checkTypedCount(0, shape: shape)
      self.init(shape: shape, dataType: dataType, storage: OwnedStorage(byteCount: 0) { _ in })
    }
  }

  private init<Element: TensorElement>(typed elements: [Element], shape: [Int]) throws {
    try Tensor.checkTypedCount(elements.count, shape: shape)
    try self.init(elements, shape: shape)
  }

  private init<Wide: FixedWidthInteger, Element: TensorElement & FixedWidthInteger>(
    narrowing elements: [Wide],
    to type: Element.Type,
    shape: [Int]
  ) throws {
    let narrow = try elements.map { element in
      guard let narrow = Element(exactly: element) else {
        throw TypedContentsProblem(text: "holds \(element)")
      }
      return narrow
    }
    try self.init(typed: narrow, shape: shape)
  }

  private static func checkTypedCount(_ count: Int, shape: [Int]) throws {
    guard (try? TensorShape.elementCount(shape)) == count else {
      throw TypedContentsProblem(text: "has no raw contents and \(count) typed elements")
    }
  }
}
