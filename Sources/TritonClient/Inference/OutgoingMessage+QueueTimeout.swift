// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

extension OutgoingMessage {
  /// A `ModelInferRequest` with the parameter `timeout`, in microseconds, after what it has.
  ///
  /// Protobuf lets fields come in any order, so that what was encoded once stays as it is
  /// (https://protobuf.dev/programming-guides/encoding, "Last One Wins").
  func limitingQueue(to timeout: Duration) -> OutgoingMessage {
    let microseconds = timeout.microseconds
    guard microseconds > 0 else { return self }
    // InferParameter.int64_param, field 2 as a varint.
    var value: [UInt8] = [2 << 3]
    WireFormat.appendVarint(UInt64(microseconds), to: &value)
    var entry = MessageWriter(capacity: 32)
    entry.write("timeout", field: 1)
    entry.writeTag(2, lengthOfValue: value.count)
    entry.write(encoded: value)
    // ModelInferRequest.parameters, field 4.
    var field = MessageWriter(capacity: 40)
    field.writeTag(4, lengthOfValue: entry.bytes.count)
    field.write(encoded: entry.bytes)
    return OutgoingMessage(pieces: self.pieces + [OwnedStorage(copying: field.bytes)])
  }
}
