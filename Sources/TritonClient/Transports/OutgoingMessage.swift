// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import CTritonTransport

/// An encoded message: pieces that follow each other on the wire. It can be sent any number of times.
package struct OutgoingMessage: Sendable {
  package enum Piece: Sendable {
    /// Few bytes, copied when they are sent.
    case bytes([UInt8])
    /// A tensor's memory, sent from where it is.
    case tensor(any TensorStorage)
  }

  package var pieces: [Piece]

  package init(pieces: [Piece]) {
    self.pieces = pieces
  }

  /// Bytes of the whole message.
  package var byteCount: Int {
    self.pieces.reduce(0) { count, piece in
      switch piece {
      case .bytes(let bytes): count + bytes.count
      case .tensor(let storage): count + storage.byteCount
      }
    }
  }

  /// Calls `body` with the pieces as the shim takes them. Each piece carries one reference to its owner, which
  /// the shim gives back when gRPC has no more use for the memory: `body` must hand all of them over.
  func withSlices<Result>(_ body: (UnsafeBufferPointer<CTriton_OutgoingSlice>) -> Result) -> Result {
    var slices: [CTriton_OutgoingSlice] = []
    slices.reserveCapacity(self.pieces.count)
    for piece in self.pieces {
      let memory =
        switch piece {
        case .tensor(let storage): storage.pieces
        case .bytes(let bytes): OutgoingMessage.owned(bytes)
        }
      for buffer in memory.buffers {
        slices.append(
          CTriton_OutgoingSlice(
            bytes: buffer.baseAddress,
            byteCount: buffer.count,
            release: { context in
              if let context { Unmanaged<AnyObject>.fromOpaque(context).release() }
            },
            context: Unmanaged.passRetained(memory.owner as AnyObject).toOpaque()
          )
        )
      }
    }
    return slices.withUnsafeBufferPointer(body)
  }

  private static func owned(_ bytes: [UInt8]) -> StoragePieces {
    OwnedStorage(byteCount: bytes.count) { $0.copyBytes(from: bytes) }.pieces
  }
}
