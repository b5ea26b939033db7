// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// An immutable array of numbers, truth values or byte strings with a shape.
///
/// Elements are in row-major order, as in NumPy. Copying a tensor copies a reference. The memory of a tensor
/// that is sent goes to the socket as it is; a received tensor is a view of the bytes that arrived, in the pieces
/// in which they did. They are put together, once, when somebody asks for them in one piece.
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
    self.storage.byteCount
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

  /// Calls `body` with the bytes as they are on the wire, in one piece. The pointer is valid during the call only.
  ///
  /// A received tensor that lies in several pieces is put together first, once for all readers.
  public func withUnsafeBytes<Result>(
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    try self.withUnsafeBytes(alignment: 1, body)
  }

  /// Calls `body` with the bytes where they are: a received tensor may lie in several pieces, cut anywhere. The
  /// pointers are valid during the call only.
  public func withUnsafePieces<Result>(
    _ body: ([UnsafeRawBufferPointer]) throws -> Result
  ) rethrows -> Result {
    let pieces = self.storage.pieces
    return try withExtendedLifetime(pieces.owner) { try body(pieces.buffers) }
  }

  /// Calls `body` with the elements, without a copy where the bytes are in one piece and aligned for the type.
  /// Otherwise they are copied once for all readers.
  ///
  /// - Throws: ``InferenceError`` with `typeMismatch` when the tensor has another data type, with
  ///   `malformedResponse` when a BOOL tensor holds other bytes than 0 and 1; what `body` throws.
  public func withElements<Element: TensorElement, Result>(
    of type: Element.Type,
    _ body: (UnsafeBufferPointer<Element>) throws -> Result
  ) throws -> Result {
    try self.checkType(Element.self)
    return try self.withUnsafeBytes(alignment: MemoryLayout<Element>.alignment) { bytes in
      try self.checkValues(bytes, are: Element.self)
      return try body(bytes.bindMemory(to: Element.self))
    }
  }

  /// The elements as an array.
  ///
  /// - Throws: as ``withElements(of:_:)``.
  public func array<Element: TensorElement>(of type: Element.Type) throws -> [Element] {
    try self.checkType(Element.self)
    return try Array(unsafeUninitializedCapacity: self.elementCount) { destination, count in
      try self.copyElements(to: destination)
      count = self.elementCount
    }
  }

  /// Copies the elements to memory of the caller's, straight from where they are: no other copy is made, whatever
  /// the pieces and their alignment.
  ///
  /// - Parameter destination: room for all elements; what is beyond them stays as it is.
  /// - Throws: as ``withElements(of:_:)``, and ``InferenceError`` with `invalidArgument` when there is not enough
  ///   room.
  public func copyElements<Element: TensorElement>(
    to destination: UnsafeMutableBufferPointer<Element>
  ) throws {
    try self.checkType(Element.self)
    guard destination.count >= self.elementCount else {
      throw InferenceError(
        code: .invalidArgument,
        message:
          "a tensor of \(self) has \(self.elementCount) elements; there is room for \(destination.count)"
      )
    }
    try self.withUnsafePieces { buffers in
      for buffer in buffers { try self.checkValues(buffer, are: Element.self) }
      StoragePieces(owner: self.storage, buffers: buffers).copy(
        to: UnsafeMutableRawBufferPointer(destination))
    }
  }

  private func withUnsafeBytes<Result>(
    alignment: Int,
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    let bytes = self.storage.contiguous(alignment: alignment)
    return try withExtendedLifetime(bytes.owner) { try body(bytes.buffer) }
  }

  private func checkType<Element: TensorElement>(_ type: Element.Type) throws {
    guard Element.dataType == self.dataType else {
      throw InferenceError(
        code: .typeMismatch,
        message: """
          a tensor of \(self.dataType) \(self.shape) was read as \(Element.self), \
          which is \(Element.dataType)
          """
      )
    }
  }

  private func checkValues<Element: TensorElement>(
    _ bytes: UnsafeRawBufferPointer,
    are type: Element.Type
  ) throws {
    guard Element.areValid(bytes) else {
      throw InferenceError(
        code: .malformedResponse,
        message: "a tensor of \(self.dataType) \(self.shape) holds bytes that are no \(Element.self)"
      )
    }
  }
}

extension Tensor: CustomStringConvertible {
  /// The data type and the shape, such as "FP32 [1, 4, 16, 16]".
  public var description: String {
    "\(self.dataType) \(self.shape)"
  }
}
