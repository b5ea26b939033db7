// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Synchronization

/// Large memory of tensors that are gone, kept for the next ones.
///
/// A loop that receives tensors of some megabytes would otherwise have the system take the memory back and hand it
/// out again for each of them, page by page, which takes longer than to fill it.
package final class SpareMemory: Sendable {
  package static let shared = SpareMemory()

  /// Below this size the system's allocator is fast.
  package static let leastByteCount = 64 << 10

  /// Most memory kept, in all.
  package static let mostByteCount = 64 << 20

  /// Wide enough for every vector unit and for a cache line.
  private static let alignment = 64

  /// `@unchecked Sendable`: memory in the list belongs to nobody else.
  private struct Spare: @unchecked Sendable {
    let memory: UnsafeMutableRawBufferPointer
  }

  private struct State {
    /// Those used last are at the end.
    var spares: [Spare] = []
    var byteCount = 0
    /// Largest memory that the system's allocator has seen returned.
    var largestReturned = 0
  }

  private let state = Mutex(State())

  package init() {}

  deinit {
    for spare in self.state.withLock(\.spares) { spare.memory.deallocate() }
  }

  /// Bytes kept now.
  package var byteCount: Int { self.state.withLock(\.byteCount) }

  /// Memory of `byteCount` bytes or up to a quarter more, aligned for every element type and not initialised.
  package func take(_ byteCount: Int) -> UnsafeMutableRawBufferPointer {
    if byteCount >= SpareMemory.leastByteCount {
      let spare: Spare? = self.state.withLock { state in
        let fitting = byteCount...(byteCount + byteCount / 4)
        guard let index = state.spares.lastIndex(where: { fitting.contains($0.memory.count) }) else {
          return nil
        }
        state.byteCount -= state.spares[index].memory.count
        return state.spares.remove(at: index)
      }
      if let spare { return spare.memory }
      self.teachAllocator(byteCount)
    }
    return .allocate(byteCount: byteCount, alignment: SpareMemory.alignment)
  }

  /// glibc learns from large memory that is freed how much to hold back from the system (mallopt(3),
  /// M_MMAP_THRESHOLD). It never sees what is kept here, and would return what gRPC receives after each message. So
  /// the first memory of a size is allocated twice, and one of the two freed untouched.
  private func teachAllocator(_ byteCount: Int) {
    let isNew = self.state.withLock { state in
      defer { state.largestReturned = max(state.largestReturned, byteCount) }
      return byteCount > state.largestReturned
    }
    guard isNew else { return }
    UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: SpareMemory.alignment)
      .deallocate()
  }

  /// Takes memory back.
  package func give(_ memory: UnsafeMutableRawBufferPointer) {
    guard (SpareMemory.leastByteCount...SpareMemory.mostByteCount).contains(memory.count) else {
      memory.deallocate()
      return
    }
    let spare = Spare(memory: memory)
    let surplus: [Spare] = self.state.withLock { state in
      state.spares.append(spare)
      state.byteCount += spare.memory.count
      var count = 0
      while state.byteCount > SpareMemory.mostByteCount {
        state.byteCount -= state.spares[count].memory.count
        count += 1
      }
      defer { state.spares.removeFirst(count) }
      return Array(state.spares.prefix(count))
    }
    for spare in surplus { spare.memory.deallocate() }
  }
}
