// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import CTritonTransport

/// How far a call had come when, from its start; `nil` where nobody looked.
struct TransferTimes: Sendable {
  /// When gRPC had handed the request to the connection.
  var sent: Duration?

  /// When the answer began to arrive.
  var answered: Duration?
}

/// A message that arrived, in the slices in which it did.
///
/// `@unchecked Sendable`: the shim's message is never written to after it has been handed over, and freed only
/// here.
package final class ReceivedMessage: @unchecked Sendable {
  private let handle: OpaquePointer

  /// The slices in order, valid as long as the message is.
  package let slices: [UnsafeRawBufferPointer]

  /// What is known of its way.
  let times: TransferTimes

  /// Takes over a message of the shim's.
  init(owning handle: OpaquePointer, times: TransferTimes = TransferTimes()) {
    self.handle = handle
    self.times = times
    self.slices = (0..<CTriton_message_slice_count(handle)).map { index in
      var byteCount = 0
      let address = CTriton_message_borrow_slice(handle, index, &byteCount)
      return UnsafeRawBufferPointer(start: address, count: byteCount)
    }
  }

  deinit {
    CTriton_message_destroy(self.handle)
  }

  /// The message for those who keep parts of it.
  package var pieces: StoragePieces {
    StoragePieces(owner: self, buffers: self.slices)
  }

  /// Bytes of the whole message.
  package var byteCount: Int {
    self.slices.reduce(0) { $0 + $1.count }
  }

  /// The whole message in one piece: a copy, for messages without tensors.
  package var contiguousBytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(self.byteCount)
    for slice in self.slices { bytes.append(contentsOf: slice) }
    return bytes
  }
}
