// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import TritonClient

/// Reads a tensor in every way that the library offers.
struct TensorReading {
  private let tensor: Tensor
  private let bytes: [UInt8]

  init(_ tensor: Tensor) {
    self.tensor = tensor
    self.bytes = tensor.withUnsafePieces { $0.flatMap(Array.init) }
  }

  /// Throws a fault unless all ways give the same.
  func check() throws {
    try expect(self.tensor.byteCount == self.bytes.count, "\(self.tensor) has bytes beyond its count")
    // First from the pieces as they arrived, then from the one that they were gathered in.
    try self.checkArrays()
    try self.checkFloats()
    try self.checkByteStrings()
    try self.checkElements()
    try expect(
      self.tensor.withUnsafeBytes(Array.init) == self.bytes, "\(self.tensor) has other bytes in one piece")
    try self.checkArrays()
  }

  private func checkArrays() throws {
    try self.checkArray(Bool.self)
    try self.checkArray(UInt8.self)
    try self.checkArray(UInt16.self)
    try self.checkArray(UInt32.self)
    try self.checkArray(UInt64.self)
    try self.checkArray(Int8.self)
    try self.checkArray(Int16.self)
    try self.checkArray(Int32.self)
    try self.checkArray(Int64.self)
    try self.checkArray(Float.self)
    try self.checkArray(Double.self)
  }

  private func checkElements() throws {
    try self.checkElements(Bool.self)
    try self.checkElements(UInt8.self)
    try self.checkElements(UInt16.self)
    try self.checkElements(UInt32.self)
    try self.checkElements(UInt64.self)
    try self.checkElements(Int8.self)
    try self.checkElements(Int16.self)
    try self.checkElements(Int32.self)
    try self.checkElements(Int64.self)
    try self.checkElements(Float.self)
    try self.checkElements(Double.self)
  }

  /// The error that reading as a type must end with; `nil` if it must succeed.
  private func problem<Element: TensorElement>(_ type: Element.Type) -> InferenceError.Code? {
    if Element.dataType != self.tensor.dataType { return .typeMismatch }
    return type == Bool.self && self.bytes.contains { $0 > 1 } ? .malformedResponse : nil
  }

  private func checkArray<Element: TensorElement>(_ type: Element.Type) throws {
    if let problem = self.problem(type) {
      try expect(problem, of: "\(self.tensor) as an array of \(type)") { try self.tensor.array(of: type) }
      try self.checkCopy(to: type, room: self.tensor.dataType == .bytes ? 0 : self.tensor.elementCount)
      return
    }
    let array = try self.tensor.array(of: type)
    try expect(array.count == self.tensor.elementCount, "\(self.tensor) gave \(array.count) elements")
    try expect(
      array.withUnsafeBytes(Array.init) == self.bytes, "\(self.tensor) has other bytes as an array")
    try self.checkCopy(to: type, room: array.count)
    try self.checkCopy(to: type, room: array.count + 3)
    if !array.isEmpty { try self.checkCopy(to: type, room: array.count - 1) }
  }

  private func checkElements<Element: TensorElement>(_ type: Element.Type) throws {
    if let problem = self.problem(type) {
      try expect(problem, of: "\(self.tensor) as elements of \(type)") {
        try self.tensor.withElements(of: type) { _ in }
      }
      return
    }
    let elements = try self.tensor.withElements(of: type) { Array($0) }
    try expect(
      elements.withUnsafeBytes(Array.init) == self.bytes, "\(self.tensor) has other bytes as elements")
  }

  /// Copies to memory with room for a number of elements, of which none beyond the tensor's may change.
  private func checkCopy<Element: TensorElement>(to type: Element.Type, room: Int) throws {
    let untouched: UInt8 = 0xA5
    let memory = UnsafeMutableRawBufferPointer.allocate(
      byteCount: room * MemoryLayout<Element>.stride,
      alignment: MemoryLayout<Element>.alignment
    )
    defer { memory.deallocate() }
    _ = memory.initializeMemory(as: UInt8.self, repeating: untouched)
    let destination = memory.bindMemory(to: Element.self)
    let isTooSmall = self.tensor.dataType == Element.dataType && room < self.tensor.elementCount
    if let problem = isTooSmall ? .invalidArgument : self.problem(type) {
      try expect(problem, of: "\(self.tensor) copied to \(room) elements of \(type)") {
        try self.tensor.copyElements(to: destination)
      }
      return
    }
    try self.tensor.copyElements(to: destination)
    let copied = memory.prefix(self.bytes.count)
    try expect(copied.elementsEqual(self.bytes), "\(self.tensor) has other bytes when they are copied")
    try expect(
      memory.dropFirst(self.bytes.count).allSatisfy { $0 == untouched },
      "\(self.tensor) was copied past its end"
    )
  }

  private func checkFloats() throws {
    let expected: [Float]
    switch self.tensor.dataType {
    case .fp32: expected = self.words(UInt32.self).map(Float.init(bitPattern:))
    case .fp64: expected = self.words(UInt64.self).map { Float(Double(bitPattern: $0)) }
    case .fp16: expected = self.words(UInt16.self).map(TensorReading.half)
    case .bf16: expected = self.words(UInt16.self).map { Float(bitPattern: UInt32($0) << 16) }
    default:
      try expect(.typeMismatch, of: "\(self.tensor) as floats") { try self.tensor.floats() }
      return
    }
    let floats = try self.tensor.floats()
    try expect(
      floats.count == expected.count
        && zip(floats, expected).allSatisfy { $0.bitPattern == $1.bitPattern || $0.isNaN && $1.isNaN },
      "\(self.tensor) holds \(floats) instead of \(expected)"
    )
  }

  /// The bytes as little-endian numbers.
  private func words<Word: FixedWidthInteger>(_ type: Word.Type) -> [Word] {
    let width = MemoryLayout<Word>.size
    return stride(from: 0, to: self.bytes.count, by: width).map { start in
      self.bytes[start..<start + width].reversed().reduce(0) { $0 << 8 | Word($1) }
    }
  }

  /// IEEE 754 binary16 by its definition.
  private static func half(_ bits: UInt16) -> Float {
    let exponent = Int(bits >> 10 & 31)
    let fraction = Float(bits & 0x3FF) / 1024
    let magnitude: Float
    switch exponent {
    case 0: magnitude = Float(sign: .plus, exponent: -14, significand: fraction)
    case 31: magnitude = fraction == 0 ? .infinity : .nan
    default: magnitude = Float(sign: .plus, exponent: exponent - 15, significand: 1 + fraction)
    }
    return bits & 0x8000 == 0 ? magnitude : -magnitude
  }

  private func checkByteStrings() throws {
    guard self.tensor.dataType == .bytes else {
      try expect(.typeMismatch, of: "\(self.tensor) as byte strings") { try self.tensor.byteStrings() }
      try expect(.typeMismatch, of: "\(self.tensor) as strings") { try self.tensor.strings() }
      return
    }
    guard let expected = self.lengthPrefixed, expected.count == self.tensor.elementCount else {
      try expect(.malformedResponse, of: "\(self.tensor) as byte strings") { try self.tensor.byteStrings() }
      try expect(.malformedResponse, of: "\(self.tensor) as strings") { try self.tensor.strings() }
      return
    }
    try expect(try self.tensor.byteStrings() == expected, "\(self.tensor) has other byte strings")
    let strings = expected.map { String(validating: $0, as: UTF8.self) }
    guard strings.allSatisfy({ $0 != nil }) else {
      try expect(.malformedResponse, of: "\(self.tensor) as strings") { try self.tensor.strings() }
      return
    }
    try expect(try self.tensor.strings() == strings.compactMap { $0 }, "\(self.tensor) has other strings")
  }

  /// The elements of a BYTES tensor; `nil` if the lengths do not add up.
  private var lengthPrefixed: [[UInt8]]? {
    var elements: [[UInt8]] = []
    var rest = self.bytes[...]
    while !rest.isEmpty {
      guard rest.count >= 4 else { return nil }
      let length = rest.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
      rest = rest.dropFirst(4)
      guard rest.count >= length else { return nil }
      elements.append(Array(rest.prefix(length)))
      rest = rest.dropFirst(length)
    }
    return elements
  }
}
