// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Synchronization

/// A window of a received message, in the pieces in which the network brought it.
///
/// Who wants the bytes in one piece, or at an aligned address that they do not have, gets a copy. It is made once
/// and takes the message's place, which frees the message when no other window needs it.
package final class ReceivedStorage: TensorStorage {
  package let byteCount: Int

  private let place: Mutex<StoragePieces>

  /// - Parameters:
  ///   - buffers: the window's pieces in order, within the slices of the message.
  ///   - message: the message, kept as long as it is needed.
  package init(buffers: [UnsafeRawBufferPointer], of message: any AnyObject & Sendable) {
    self.byteCount = buffers.reduce(0) { $0 + $1.count }
    self.place = Mutex(StoragePieces(owner: message, buffers: buffers))
  }

  package var pieces: StoragePieces {
    self.place.withLock { $0 }
  }

  package func contiguous(alignment: Int) -> ContiguousBytes {
    self.place.withLock { place in
      if place.buffers.count <= 1 {
        let buffer = place.buffers.first ?? UnsafeRawBufferPointer(start: nil, count: 0)
        let bytes = ContiguousBytes(owner: place.owner, buffer: buffer)
        if bytes.isAligned(to: alignment) { return bytes }
      }
      let gathered = OwnedStorage(byteCount: self.byteCount) { place.copy(to: $0) }
      place = gathered.pieces
      return gathered.contiguous(alignment: alignment)
    }
  }
}
