// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// Where a tensor's bytes live. They do not move and do not change while the storage exists.
package protocol TensorStorage: AnyObject, Sendable {
  /// The bytes, valid as long as the storage is.
  var bytes: UnsafeRawBufferPointer { get }
}

/// Memory that the tensor allocated for itself.
///
/// `@unchecked Sendable`: the bytes are written in the initialiser only, before any other reference exists.
package final class OwnedStorage: TensorStorage, @unchecked Sendable {
  package let bytes: UnsafeRawBufferPointer

  /// Wide enough for every vector unit and for a cache line.
  private static let alignment = 64

  /// Allocates `byteCount` bytes and has `body` fill all of them.
  package init(
    byteCount: Int,
    initializingWith body: (UnsafeMutableRawBufferPointer) throws -> Void
  ) rethrows {
    let memory = UnsafeMutableRawBufferPointer.allocate(
      byteCount: byteCount,
      alignment: OwnedStorage.alignment
    )
    do {
      try body(memory)
    } catch {
      memory.deallocate()
      throw error
    }
    self.bytes = UnsafeRawBufferPointer(memory)
  }

  deinit {
    self.bytes.deallocate()
  }
}

/// A window of a received message, which it keeps alive.
///
/// `@unchecked Sendable`: a received message is never written to.
package final class ReceivedStorage: TensorStorage, @unchecked Sendable {
  package let bytes: UnsafeRawBufferPointer
  private let message: ReceivedMessage

  /// `bytes` lies within one slice of `message`.
  package init(bytes: UnsafeRawBufferPointer, of message: ReceivedMessage) {
    self.bytes = bytes
    self.message = message
  }
}
