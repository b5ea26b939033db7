// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// Where a tensor's bytes live. They do not change while the storage exists.
package protocol TensorStorage: AnyObject, Sendable {
  /// Number of bytes.
  var byteCount: Int { get }

  /// The bytes where they are.
  var pieces: StoragePieces { get }

  /// Calls `body` with each piece of the bytes where they are, in order, and with what keeps it there.
  func forEachPiece(_ body: (any AnyObject & Sendable, UnsafeRawBufferPointer) -> Void)

  /// The bytes in one piece, whose address is a multiple of `alignment`. They are copied if they are not so yet.
  func contiguous(alignment: Int) -> ContiguousBytes
}

extension TensorStorage {
  package func forEachPiece(_ body: (any AnyObject & Sendable, UnsafeRawBufferPointer) -> Void) {
    let pieces = self.pieces
    for buffer in pieces.buffers { body(pieces.owner, buffer) }
  }
}

/// Bytes that lie in several pieces of memory, in order.
///
/// `@unchecked Sendable`: nothing writes to the bytes, and the owner keeps them.
package struct StoragePieces: @unchecked Sendable {
  /// Keeps the pieces where they are.
  package let owner: any AnyObject & Sendable

  /// The pieces, valid as long as the owner is.
  package let buffers: [UnsafeRawBufferPointer]

  package init(owner: any AnyObject & Sendable, buffers: [UnsafeRawBufferPointer]) {
    self.owner = owner
    self.buffers = buffers
  }

  /// Copies all bytes to `destination`, which has room for them.
  package func copy(to destination: UnsafeMutableRawBufferPointer) {
    var offset = 0
    for buffer in self.buffers {
      UnsafeMutableRawBufferPointer(rebasing: destination[offset..<offset + buffer.count])
        .copyMemory(from: buffer)
      offset += buffer.count
    }
  }
}

/// Bytes in one piece of memory.
package struct ContiguousBytes {
  /// Keeps the bytes where they are.
  package let owner: any AnyObject & Sendable

  /// The bytes, valid as long as the owner is.
  package let buffer: UnsafeRawBufferPointer

  package init(owner: any AnyObject & Sendable, buffer: UnsafeRawBufferPointer) {
    self.owner = owner
    self.buffer = buffer
  }

  /// Whether the address is a multiple of `alignment`.
  package func isAligned(to alignment: Int) -> Bool {
    UInt(bitPattern: self.buffer.baseAddress) % UInt(alignment) == 0
  }
}

/// Memory that the tensor allocated for itself.
///
/// Large memory comes from tensors that are gone, see ``SpareMemory``.
///
/// `@unchecked Sendable`: the bytes are written in the initialiser only, before any other reference exists.
package final class OwnedStorage: TensorStorage, @unchecked Sendable {
  package let bytes: UnsafeRawBufferPointer
  private let memory: UnsafeMutableRawBufferPointer

  /// Allocates `byteCount` bytes and has `body` fill all of them.
  package init(
    byteCount: Int,
    initializingWith body: (UnsafeMutableRawBufferPointer) throws -> Void
  ) rethrows {
    let memory = SpareMemory.shared.take(byteCount)
    let bytes = UnsafeMutableRawBufferPointer(rebasing: memory[..<byteCount])
    do {
      try body(bytes)
    } catch {
      SpareMemory.shared.give(memory)
      throw error
    }
    self.memory = memory
    self.bytes = UnsafeRawBufferPointer(bytes)
  }

  /// Memory with the bytes of an array.
  package convenience init(copying bytes: [UInt8]) {
    self.init(byteCount: bytes.count) { $0.copyBytes(from: bytes) }
  }

  deinit {
    SpareMemory.shared.give(self.memory)
  }

  package var byteCount: Int { self.bytes.count }

  package var pieces: StoragePieces { StoragePieces(owner: self, buffers: [self.bytes]) }

  package func forEachPiece(_ body: (any AnyObject & Sendable, UnsafeRawBufferPointer) -> Void) {
    body(self, self.bytes)
  }

  /// The memory itself: no element type needs more than its alignment.
  package func contiguous(alignment: Int) -> ContiguousBytes {
    ContiguousBytes(owner: self, buffer: self.bytes)
  }
}
