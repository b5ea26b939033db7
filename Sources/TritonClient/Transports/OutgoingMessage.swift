// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import CTritonTransport

/// An encoded message: memory whose bytes follow each other on the wire. It can be sent any number of times.
package struct OutgoingMessage: Sendable {
  /// What the message is made of: encoded bytes and tensors' memory, sent from where it is.
  package let pieces: [any TensorStorage]

  /// Bytes of the whole message.
  package let byteCount: Int

  package init(pieces: [any TensorStorage]) {
    self.pieces = pieces
    self.byteCount = pieces.reduce(0) { $0 + $1.byteCount }
  }

  /// A message without tensors.
  package init(bytes: [UInt8]) {
    self.init(pieces: [OwnedStorage(copying: bytes)])
  }

  /// Calls `body` with the pieces as the shim takes them. Each piece carries one reference to its owner, which
  /// the shim gives back when gRPC has no more use for the memory: `body` must hand all of them over.
  func withSlices<Result>(_ body: (UnsafeBufferPointer<CTriton_OutgoingSlice>) -> Result) -> Result {
    var slices: [CTriton_OutgoingSlice] = []
    slices.reserveCapacity(self.pieces.count)
    for piece in self.pieces {
      piece.forEachPiece { owner, buffer in
        slices.append(
          CTriton_OutgoingSlice(
            bytes: buffer.baseAddress,
            byteCount: buffer.count,
            release: { context in
              if let context { Unmanaged<AnyObject>.fromOpaque(context).release() }
            },
            context: Unmanaged.passRetained(owner as AnyObject).toOpaque()
          )
        )
      }
    }
    return slices.withUnsafeBufferPointer(body)
  }
}
