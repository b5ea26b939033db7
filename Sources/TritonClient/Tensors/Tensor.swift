// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// An immutable array of numbers, truth values or byte strings with a shape.
///
/// Elements are in row-major order, as in NumPy. Copying a tensor copies a reference. The memory of a tensor
/// that is sent goes to the socket as it is; a received tensor is a view of the bytes that arrived.
public struct Tensor: Sendable {
  /// Sizes of the dimensions, outermost first; empty for a scalar.
  public let shape: [Int]

  /// Type of the elements.
  public let dataType: DataType

  /// Where the bytes are.
  package let storage: any TensorStorage

  /// Wraps bytes that are known to fit the shape and the type.
  package init(shape: [Int], dataType: DataType, storage: any TensorStorage) {
    self.shape = shape
    self.dataType = dataType
    self.storage = storage
  }

  /// Number of elements: the product of the dimensions.
  public var elementCount: Int {
    self.shape.reduce(1, *)
  }

  /// Number of bytes on the wire, the lengths of byte strings included.
  public var byteCount: Int {
    self.storage.bytes.count
  }

  /// A tensor with the elements of an array.
  ///
  /// - Parameters:
  ///   - elements: the elements in row-major order; they are copied.
  ///   - shape: sizes of the dimensions; their product is the number of elements.
  /// - Throws: ``InferenceError`` with `invalidArgument` when the shape does not fit.
  public init<Element: TensorElement>(_ elements: [Element], shape: [Int]) throws {
    try Tensor.checkCount(elements.count, of: shape)
    self.init(elements: elements, shape: shape)
  }

  /// A one-dimensional tensor with the elements of an array, which are copied.
  public init<Element: TensorElement>(_ elements: [Element]) {
    self.init(elements: elements, shape: [elements.count])
  }

  /// A tensor without dimensions that holds one element.
  public init<Element: TensorElement>(scalar: Element) {
    self.init(elements: [scalar], shape: [])
  }

  /// Throws unless a shape has a number of elements.
  static func checkCount(_ count: Int, of shape: [Int]) throws {
    let expected = try TensorShape.elementCount(shape)
    guard expected == count else {
      throw InferenceError(
        code: .invalidArgument,
        message: "the shape \(shape) has \(expected) elements, but \(count) were given"
      )
    }
  }

  private init<Element: TensorElement>(elements: [Element], shape: [Int]) {
    let storage = elements.withUnsafeBytes { source in
      OwnedStorage(byteCount: source.count) { $0.copyMemory(from: source) }
    }
    self.init(shape: shape, dataType: Element.dataType, storage: storage)
  }

  /// A tensor whose elements are written straight into the memory that will be sent.
  ///
  /// - Parameters:
  ///   - shape: sizes of the dimensions.
  ///   - type: the element type.
  ///   - body: fills the buffer, which arrives uninitialised; every element must be set.
  /// - Throws: ``InferenceError`` with `invalidArgument` for a shape that cannot be; what `body` throws.
  public init<Element: TensorElement>(
    shape: [Int],
    of type: Element.Type = Element.self,
    initializingWith body: (UnsafeMutableBufferPointer<Element>) throws -> Void
  ) throws {
    let byteCount = try TensorShape.byteCount(shape, width: MemoryLayout<Element>.stride)
    let storage = try OwnedStorage(byteCount: byteCount) { memory in
      try body(memory.bindMemory(to: Element.self))
    }
    self.init(shape: shape, dataType: Element.dataType, storage: storage)
  }

  /// Calls `body` with the bytes as they are on the wire. The pointer is valid during the call only.
  public func withUnsafeBytes<Result>(
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    try withExtendedLifetime(self.storage) { try body(self.storage.bytes) }
  }

  /// Calls `body` with the elements, without a copy where the bytes are aligned for the type.
  ///
  /// - Throws: ``InferenceError`` with `typeMismatch` when the tensor has another data type; what `body`
  ///   throws.
  public func withElements<Element: TensorElement, Result>(
    of type: Element.Type,
    _ body: (UnsafeBufferPointer<Element>) throws -> Result
  ) throws -> Result {
    guard Element.dataType == self.dataType else {
      throw InferenceError(
        code: .typeMismatch,
        message: """
          a tensor of \(self.dataType) \(self.shape) was read as \(Element.self), \
          which is \(Element.dataType)
          """
      )
    }
    return try self.withUnsafeBytes { bytes in
      guard Element.areValid(bytes) else {
        throw InferenceError(
          code: .malformedResponse,
          message: "a tensor of \(self.dataType) \(self.shape) holds bytes that are no \(Element.self)"
        )
      }
      let address = bytes.baseAddress.map(UInt.init(bitPattern:)) ?? 0
      guard address % UInt(MemoryLayout<Element>.alignment) == 0 else {
        let aligned = OwnedStorage(byteCount: bytes.count) { $0.copyMemory(from: bytes) }
        return try withExtendedLifetime(aligned) { try body(aligned.bytes.bindMemory(to: Element.self)) }
      }
      return try body(bytes.bindMemory(to: Element.self))
    }
  }

  /// The elements as an array.
  ///
  /// - Throws: ``InferenceError`` with `typeMismatch` when the tensor has another data type.
  public func array<Element: TensorElement>(of type: Element.Type) throws -> [Element] {
    try self.withElements(of: type) { Array($0) }
  }
}

extension Tensor: CustomStringConvertible {
  /// The data type and the shape, such as "FP32 [1, 4, 16, 16]".
  public var description: String {
    "\(self.dataType) \(self.shape)"
  }
}
