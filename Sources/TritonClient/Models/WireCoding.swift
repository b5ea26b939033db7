// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// Reading of the JSON that servers write: absent values are the protocol's defaults, and integers of 64 bits may
/// be strings, as protobuf's JSON has them.
extension KeyedDecodingContainer {
  func value<Value: Decodable>(_ key: Key, default standard: Value) throws -> Value {
    try self.decodeIfPresent(Value.self, forKey: key) ?? standard
  }

  func integer(_ key: Key) throws -> Int {
    try self.decodeIfPresent(WireInteger.self, forKey: key)?.value ?? 0
  }

  func integers(_ key: Key) throws -> [Int] {
    try self.decodeIfPresent([WireInteger].self, forKey: key)?.map(\.value) ?? []
  }

  func microseconds(_ key: Key) throws -> Duration {
    .microseconds(try self.integer(key))
  }

  func nanoseconds(_ key: Key) throws -> Duration {
    .nanoseconds(try self.integer(key))
  }
}

extension Duration {
  /// A number of microseconds as the protocol has it; those past the bounds of `Int64` become the bound.
  init(microseconds: UInt64) {
    self = .microseconds(Int64(clamping: microseconds))
  }
}

/// An integer that JSON may hold as a number or as a string.
private struct WireInteger: Decodable {
  let value: Int

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Int.self) {
      self.value = number
      return
    }
    let text = try container.decode(String.self)
    guard let number = Int(text) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "\"\(text)\" is no integer")
    }
    self.value = number
  }
}
