// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// The parts of protobuf's encoding that the infer path handles itself
/// (https://protobuf.dev/programming-guides/encoding).
package enum WireFormat {
  /// Kinds of a field's value on the wire that are in use.
  package enum FieldType: UInt64 {
    case varint = 0
    case fixed64 = 1
    case lengthDelimited = 2
    case fixed32 = 5
  }

  /// Bytes of a number as a varint.
  static func varintByteCount(_ value: UInt64) -> Int {
    max((70 - value.leadingZeroBitCount) / 7, 1)
  }

  package static func appendVarint(_ value: UInt64, to bytes: inout [UInt8]) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}

/// Reads a message that lies in several slices, front to back, never past its end.
package struct SliceReader {
  private let slices: [UnsafeRawBufferPointer]
  /// The slice with the next byte, how much of it was read, and which comes after it.
  private var current: UnsafeRawBufferPointer
  private var offset = 0
  private var nextSlice = 0

  /// Bytes not read yet.
  package private(set) var remaining: Int

  package init(_ slices: [UnsafeRawBufferPointer]) {
    self.slices = slices
    self.current = UnsafeRawBufferPointer(start: nil, count: 0)
    self.remaining = slices.reduce(0) { $0 + $1.count }
  }

  package mutating func readByte() throws -> UInt8 {
    guard self.remaining > 0 else { throw WireError.truncated }
    self.findCurrent()
    let byte = self.current[self.offset]
    self.offset += 1
    self.remaining -= 1
    return byte
  }

  /// A base-128 number of at most ten bytes.
  package mutating func readVarint() throws -> UInt64 {
    let first = try self.readByte()
    // Tags and most lengths are a single byte.
    if first < 0x80 { return UInt64(first) }
    var value = UInt64(first & 0x7F)
    for shift in stride(from: UInt64(7), to: 70, by: 7) {
      let byte = try self.readByte()
      guard shift < 63 || byte <= 1 else { break }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    throw WireError.malformedVarint
  }

  /// The tag of a field: its number, from 1 to 2²⁹ − 1, and its type.
  package mutating func readTag() throws -> UInt64 {
    let tag = try self.readVarint()
    guard tag >> 3 > 0, tag <= UInt64(UInt32.max) else { throw WireError.impossibleTag }
    return tag
  }

  /// A length, which must not reach past the end of the message.
  package mutating func readLength() throws -> Int {
    let length = try self.readVarint()
    guard length <= UInt64(self.remaining) else { throw WireError.truncated }
    return Int(length)
  }

  /// The length of the value of a field that is not a varint.
  package mutating func readLength(ofFieldTagged tag: UInt64) throws -> Int {
    switch WireFormat.FieldType(rawValue: tag & 7) {
    case .lengthDelimited: try self.readLength()
    case .fixed64: 8
    case .fixed32: 4
    case .varint, nil: throw WireError.unexpectedFieldType(tag & 7)
    }
  }

  /// Reads `count` bytes, at most ``remaining``, as the slices hold them: in one piece or in several.
  package mutating func readBuffers(_ count: Int) throws -> [UnsafeRawBufferPointer] {
    guard count <= self.remaining else { throw WireError.truncated }
    guard count > 0 else { return [] }
    self.findCurrent()
    if count <= self.current.count - self.offset { return [self.take(count)] }
    var buffers: [UnsafeRawBufferPointer] = []
    var missing = count
    while missing > 0 {
      self.findCurrent()
      let buffer = self.take(min(missing, self.current.count - self.offset))
      buffers.append(buffer)
      missing -= buffer.count
    }
    return buffers
  }

  /// Reads `count` bytes, at most ``remaining``, if they lie in one piece; else reads nothing.
  package mutating func readWhole(_ count: Int) -> UnsafeRawBufferPointer? {
    guard count > 0, count <= self.remaining else { return nil }
    self.findCurrent()
    return count <= self.current.count - self.offset ? self.take(count) : nil
  }

  /// Leaves out `count` bytes, at most ``remaining``.
  package mutating func skip(_ count: Int) throws {
    _ = try self.readBuffers(count)
  }

  /// Has the current slice be one with bytes left, of which there must be some.
  private mutating func findCurrent() {
    while self.offset == self.current.count {
      self.current = self.slices[self.nextSlice]
      self.nextSlice += 1
      self.offset = 0
    }
  }

  /// The next bytes, all in the current slice.
  private mutating func take(_ count: Int) -> UnsafeRawBufferPointer {
    defer {
      self.offset += count
      self.remaining -= count
    }
    return UnsafeRawBufferPointer(rebasing: self.current[self.offset..<self.offset + count])
  }
}

/// How bytes can fail to be a protobuf message.
package enum WireError: Error, Hashable {
  case truncated
  case malformedVarint
  case malformedString
  case unexpectedFieldType(UInt64)
  case impossibleTag
}
