// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import TritonClient

/// A message in slices, each in an allocation of its own that ends where the slice does: AddressSanitizer then
/// sees every byte that is read past it.
///
/// `@unchecked Sendable`: the bytes are written in the initialiser only.
final class CutMessage: @unchecked Sendable {
  private let allocations: [UnsafeMutableRawBufferPointer]
  private let slices: [UnsafeRawBufferPointer]

  /// - Parameters:
  ///   - message: the bytes, which are copied.
  ///   - sliceLengths: used in turn. If all are 0 there are as many empty slices and then one with everything.
  ///   - misalignment: distance of each slice from an address that is a multiple of 16.
  init(_ message: [UInt8], sliceLengths: [Int], misalignment: Int) {
    var allocations: [UnsafeMutableRawBufferPointer] = []
    var slices: [UnsafeRawBufferPointer] = []
    func append(_ bytes: ArraySlice<UInt8>) {
      let memory = UnsafeMutableRawBufferPointer.allocate(
        byteCount: misalignment + bytes.count,
        alignment: 16
      )
      let slice = UnsafeMutableRawBufferPointer(rebasing: memory[misalignment...])
      slice.copyBytes(from: bytes)
      allocations.append(memory)
      slices.append(UnsafeRawBufferPointer(slice))
    }

    var rest = message[...]
    if sliceLengths.contains(where: { $0 > 0 }) {
      var turn = 0
      while !rest.isEmpty {
        let length = min(sliceLengths[turn % sliceLengths.count], rest.count)
        append(rest.prefix(length))
        rest = rest.dropFirst(length)
        turn += 1
      }
    } else {
      for _ in sliceLengths { append([]) }
      append(rest)
    }
    self.allocations = allocations
    self.slices = slices
  }

  deinit {
    for allocation in self.allocations { allocation.deallocate() }
  }

  /// The message for the decoder.
  var pieces: StoragePieces { StoragePieces(owner: self, buffers: self.slices) }
}
