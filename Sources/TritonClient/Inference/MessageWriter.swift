// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// Writes the fields of a protobuf message one after the other. Fields with their default value are left out, as
/// proto3 wants it.
struct MessageWriter {
  private(set) var bytes: [UInt8] = []

  init(capacity: Int) {
    self.bytes.reserveCapacity(capacity)
  }

  mutating func write(_ value: String, field: UInt8) {
    guard !value.isEmpty else { return }
    self.writeTag(field, lengthOfValue: value.utf8.count)
    self.bytes.append(contentsOf: value.utf8)
  }

  /// A packed list of numbers.
  mutating func write(_ values: [Int], field: UInt8) {
    guard !values.isEmpty else { return }
    self.writeTag(field, lengthOfValue: MessageWriter.packedByteCount(values))
    for value in values { WireFormat.appendVarint(UInt64(bitPattern: Int64(value)), to: &self.bytes) }
  }

  /// Fields that are encoded already.
  mutating func write(encoded fields: [UInt8]) {
    self.bytes.append(contentsOf: fields)
  }

  /// What comes before a value of `byteCount` bytes, for values that are not copied.
  mutating func writeTag(_ field: UInt8, lengthOfValue byteCount: Int) {
    self.bytes.append(field << 3 | UInt8(WireFormat.FieldType.lengthDelimited.rawValue))
    WireFormat.appendVarint(UInt64(byteCount), to: &self.bytes)
  }

  /// Bytes that a string takes as a field with a number below 16.
  static func byteCount(_ value: String) -> Int {
    value.isEmpty ? 0 : self.byteCount(lengthDelimited: value.utf8.count)
  }

  /// Bytes that a packed list of numbers takes as a field with a number below 16.
  static func byteCount(_ values: [Int]) -> Int {
    values.isEmpty ? 0 : self.byteCount(lengthDelimited: self.packedByteCount(values))
  }

  private static func byteCount(lengthDelimited count: Int) -> Int {
    1 + WireFormat.varintByteCount(UInt64(count)) + count
  }

  private static func packedByteCount(_ values: [Int]) -> Int {
    values.reduce(0) { $0 + WireFormat.varintByteCount(UInt64(bitPattern: Int64($1))) }
  }

  /// The bytes so far; the writer starts again without any.
  mutating func take() -> [UInt8] {
    defer { self.bytes = [] }
    return self.bytes
  }
}
