// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing
import TritonClient

/// Which memory is used again, and how much of it is kept.
@Suite struct SpareMemoryTests {
  private let spares = SpareMemory()

  @Test func largeMemoryIsUsedAgainForWhatFits() {
    let memory = self.spares.take(1 << 20)
    self.spares.give(memory)
    #expect(self.spares.byteCount == 1 << 20)
    // A quarter less still fits, half of it would waste too much.
    let tooSmall = self.spares.take(1 << 19)
    #expect(tooSmall.baseAddress != memory.baseAddress)
    let fitting = self.spares.take((1 << 20) * 9 / 10)
    #expect(fitting.baseAddress == memory.baseAddress)
    #expect(self.spares.byteCount == 0)
    self.spares.give(tooSmall)
    self.spares.give(fitting)
  }

  @Test func smallMemoryIsNotKept() {
    self.spares.give(self.spares.take(100))
    self.spares.give(self.spares.take(0))
    #expect(self.spares.byteCount == 0)
  }

  @Test func noMoreThanTheMostIsKeptAndTheOldestGoes() {
    let all = (0..<9).map { _ in self.spares.take(8 << 20) }
    for memory in all { self.spares.give(memory) }
    #expect(self.spares.byteCount == SpareMemory.mostByteCount)
    #expect(self.spares.take(8 << 20).baseAddress == all[8].baseAddress)
    self.spares.give(all[8])
    let huge = self.spares.take(SpareMemory.mostByteCount + 1)
    self.spares.give(huge)
    #expect(self.spares.byteCount <= SpareMemory.mostByteCount)
  }

  @Test func memoryIsAligned() {
    for byteCount in [1, 3, 100, 65_537, 1 << 20] {
      let memory = self.spares.take(byteCount)
      #expect(memory.count >= byteCount)
      #expect(UInt(bitPattern: memory.baseAddress) % 64 == 0)
      self.spares.give(memory)
    }
  }
}
