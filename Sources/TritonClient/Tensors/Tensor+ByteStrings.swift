// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// BYTES tensors: each element is its length as a little-endian 32-bit integer followed by that many bytes.
extension Tensor {
  /// A BYTES tensor of strings, encoded as UTF-8.
  ///
  /// - Parameters:
  ///   - strings: the elements in row-major order.
  ///   - shape: sizes of the dimensions; one dimension with all elements if absent.
  /// - Throws: ``InferenceError`` with `invalidArgument` when the shape does not fit or an element is longer
  ///   than 2 GiB.
  public init(strings: [String], shape: [Int]? = nil) throws {
    try self.init(byteStrings: strings.map { Array($0.utf8) }, shape: shape)
  }

  /// A BYTES tensor of byte strings.
  ///
  /// - Parameters:
  ///   - byteStrings: the elements in row-major order.
  ///   - shape: sizes of the dimensions; one dimension with all elements if absent.
  /// - Throws: ``InferenceError`` with `invalidArgument` when the shape does not fit or an element is longer
  ///   than 2 GiB.
  public init(byteStrings: [[UInt8]], shape: [Int]? = nil) throws {
    let shape = shape ?? [byteStrings.count]
    try Tensor.checkCount(byteStrings.count, of: shape)
    if let tooLong = byteStrings.first(where: { $0.count > Int32.max }) {
      throw InferenceError(
        code: .invalidArgument,
        message: "an element of a BYTES tensor has \(tooLong.count) bytes; the limit is \(Int32.max)"
      )
    }
    let byteCount = byteStrings.reduce(0) { $0 + 4 + $1.count }
    let storage = OwnedStorage(byteCount: byteCount) { memory in
      var offset = 0
      for element in byteStrings {
        memory.storeBytes(of: UInt32(element.count).littleEndian, toByteOffset: offset, as: UInt32.self)
        offset += 4
        UnsafeMutableRawBufferPointer(rebasing: memory[offset..<offset + element.count])
          .copyBytes(from: element)
        offset += element.count
      }
    }
    self.init(shape: shape, dataType: .bytes, storage: storage)
  }

  /// The elements of a BYTES tensor.
  ///
  /// - Throws: ``InferenceError`` with `typeMismatch` for another data type, with `malformedResponse` when the
  ///   lengths do not add up to the tensor's bytes or the number of elements is not the shape's.
  public func byteStrings() throws -> [[UInt8]] {
    guard self.dataType == .bytes else {
      throw InferenceError(
        code: .typeMismatch,
        message: "a tensor of \(self) was read as byte strings, which only BYTES tensors hold"
      )
    }
    return try self.withUnsafeBytes { bytes in
      var elements: [[UInt8]] = []
      var offset = 0
      while offset < bytes.count {
        guard bytes.count - offset >= 4 else { throw self.malformed("ends within a length") }
        let length = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
        offset += 4
        guard bytes.count - offset >= length else { throw self.malformed("ends within an element") }
        elements.append(Array(bytes[offset..<offset + length]))
        offset += length
      }
      guard elements.count == self.elementCount else {
        throw self.malformed("holds \(elements.count) elements instead of \(self.elementCount)")
      }
      return elements
    }
  }

  /// The elements of a BYTES tensor as strings.
  ///
  /// - Throws: as ``byteStrings()``, and ``InferenceError`` with `malformedResponse` when an element is not
  ///   valid UTF-8.
  public func strings() throws -> [String] {
    try self.byteStrings().map { element in
      guard let string = String(validating: element, as: UTF8.self) else {
        throw self.malformed("holds an element that is not UTF-8; read it with byteStrings()")
      }
      return string
    }
  }

  private func malformed(_ what: String) -> InferenceError {
    InferenceError(code: .malformedResponse, message: "a tensor of \(self) \(what)")
  }
}
