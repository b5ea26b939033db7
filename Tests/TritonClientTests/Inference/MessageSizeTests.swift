// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing
import TritonClient

/// What no message can hold is refused before anything is sent. None of these tests touches the memory that it
/// claims.
@Suite struct MessageSizeTests {
  /// Bytes that are said to be there and never read.
  private final class ClaimedStorage: TensorStorage {
    let byteCount: Int

    init(byteCount: Int) {
      self.byteCount = byteCount
    }

    var pieces: StoragePieces { StoragePieces(owner: self, buffers: [self.buffer]) }

    func contiguous(alignment: Int) -> ContiguousBytes {
      ContiguousBytes(owner: self, buffer: self.buffer)
    }

    private var buffer: UnsafeRawBufferPointer {
      UnsafeRawBufferPointer(start: UnsafeRawPointer(bitPattern: 4096), count: self.byteCount)
    }
  }

  private func tensor(byteCount: Int) -> Tensor {
    Tensor(shape: [byteCount], dataType: .uint8, storage: ClaimedStorage(byteCount: byteCount))
  }

  private func refusal(_ inputs: NamedTensors) throws -> InferenceError {
    let error = #expect(throws: InferenceError.self) {
      try PreparedRequest(InferenceRequest(model: "m", inputs: inputs))
    }
    return try #require(error)
  }

  @Test func aTensorOverTwoGiBIsRefusedWithAdvice() throws {
    let error = try self.refusal([
      "small": Tensor([1 as Float]), "large": self.tensor(byteCount: 3 << 30),
    ])
    #expect(error.code == .invalidArgument)
    #expect(error.model == "m")
    #expect(error.message.contains("its largest input, \"large\", is UINT8 [3221225472]: 3221225472 bytes"))
    #expect(error.message.contains("Send it in parts"))
  }

  @Test func tensorsThatAreTooLargeTogetherAreRefused() throws {
    let half = self.tensor(byteCount: 1 << 30)
    #expect(try self.refusal(["a": half, "b": half]).message.contains("holds at most 2147483647"))
  }

  @Test func whatJustFitsIsTaken() throws {
    let prepared = try PreparedRequest(
      InferenceRequest(model: "m", inputs: ["x": self.tensor(byteCount: Int(Int32.max) - 1_024)]))
    #expect(prepared.byteCount <= Int(Int32.max))
  }

  @Test func aByteStringOverTwoGiBIsRefused() throws {
    // Untouched pages of a large allocation take no memory.
    let count = Int(Int32.max) + 1
    let large = [UInt8](unsafeUninitializedCapacity: count) { $1 = count }
    let error = #expect(throws: InferenceError.self) { try Tensor(byteStrings: [[1], large]) }
    #expect(error?.code == .invalidArgument)
    #expect(error?.message.contains("2147483648") == true)
  }
}
