// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import TritonClient

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The tensor that is sent: FP32, each element another than its neighbours.
struct Payload: Sendable {
  /// An answer that is not what was sent.
  struct Mismatch: Error, CustomStringConvertible {
    var description: String { "the answer is not what was sent" }
  }

  let tensor: Tensor

  init(byteCount: Int) throws {
    self.tensor = try Tensor(shape: [byteCount / 4], of: Float.self) { elements in
      for index in elements.indices {
        elements.initializeElement(at: index, to: Float(index % 65521 + 1))
      }
    }
  }

  /// Throws unless the tensor is the one that was sent: the length and both ends, or every byte.
  func check(_ answer: Tensor, completely: Bool) throws {
    let same = try answer.withElements(of: Float.self) { received in
      try self.tensor.withElements(of: Float.self) { sent in
        guard received.count == sent.count, answer.shape == self.tensor.shape else { return false }
        guard completely else { return received.first == sent.first && received.last == sent.last }
        guard let left = received.baseAddress, let right = sent.baseAddress else { return false }
        return memcmp(left, right, sent.count * MemoryLayout<Float>.stride) == 0
      }
    }
    guard same else { throw Mismatch() }
  }
}
