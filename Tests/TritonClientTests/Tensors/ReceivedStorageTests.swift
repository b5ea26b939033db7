// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing
import TritonClient

/// Outputs that the network cut in pieces, and who keeps which memory.
@Suite struct ReceivedStorageTests {
  /// Numbers 0, 1, 2 … as bytes, cut every `pieceLength` bytes as a message would be; the first piece starts at an
  /// odd address.
  private func tensor(
    count: Int,
    pieceLength: Int,
    message: OwnedStorage? = nil
  ) -> Tensor {
    let byteCount = count * 4
    let message =
      message
      ?? OwnedStorage(byteCount: byteCount + 1) { memory in
        memory[0] = 0xEE
        for index in 0..<count {
          memory.storeBytes(of: Int32(index), toByteOffset: 1 + index * 4, as: Int32.self)
        }
      }
    let buffers = stride(from: 0, to: byteCount, by: pieceLength).map { start in
      UnsafeRawBufferPointer(rebasing: message.bytes[1 + start..<1 + min(start + pieceLength, byteCount)])
    }
    return Tensor(
      shape: [count],
      dataType: .int32,
      storage: ReceivedStorage(buffers: buffers, of: message)
    )
  }

  @Test(arguments: [1, 3, 4, 7, 64, 400])
  func everyWayOfReadingGivesTheSameElements(pieceLength: Int) throws {
    let expected = Array(0..<100 as Range<Int32>)
    #expect(try self.tensor(count: 100, pieceLength: pieceLength).array(of: Int32.self) == expected)
    let tensor = self.tensor(count: 100, pieceLength: pieceLength)
    #expect(try tensor.withElements(of: Int32.self, Array.init) == expected)
    #expect(tensor.byteCount == 400)
    let bytes = expected.withUnsafeBytes(Array.init)
    #expect(tensor.withUnsafeBytes(Array.init) == bytes)
    #expect(tensor.withUnsafePieces { $0.flatMap(Array.init) } == bytes)
  }

  @Test func anArrayIsReadStraightFromThePieces() throws {
    let tensor = self.tensor(count: 100, pieceLength: 16)
    _ = try tensor.array(of: Int32.self)
    #expect(tensor.withUnsafePieces(\.count) == 25)
  }

  @Test func piecesArePutTogetherOnceAndTheMessageIsFreed() throws {
    weak var message: OwnedStorage?
    let tensor = {
      let owned = OwnedStorage(byteCount: 401) { $0.initializeMemory(as: UInt8.self, repeating: 0) }
      message = owned
      return self.tensor(count: 100, pieceLength: 16, message: owned)
    }()
    #expect(message != nil)
    let first = tensor.withUnsafeBytes(\.baseAddress)
    #expect(message == nil)
    #expect(try tensor.withElements(of: Int32.self) { UnsafeRawPointer($0.baseAddress) } == first)
    #expect(tensor.withUnsafePieces(\.count) == 1)
  }

  @Test func bytesInOnePieceAreNotCopied() throws {
    let tensor = self.tensor(count: 100, pieceLength: 400)
    let place = tensor.withUnsafePieces { $0.first?.baseAddress }
    #expect(tensor.withUnsafeBytes(\.baseAddress) == place)
  }

  @Test func copyingNeedsRoomAndTheRightType() throws {
    let tensor = self.tensor(count: 3, pieceLength: 5)
    var room = [Int32](repeating: -1, count: 4)
    try room.withUnsafeMutableBufferPointer { try tensor.copyElements(to: $0) }
    #expect(room == [0, 1, 2, -1])
    var small = [Int32](repeating: -1, count: 2)
    #expect { try small.withUnsafeMutableBufferPointer { try tensor.copyElements(to: $0) } } throws: {
      error in
      (error as? InferenceError)?.code == .invalidArgument
    }
    var other = [Float](repeating: 0, count: 3)
    #expect { try other.withUnsafeMutableBufferPointer { try tensor.copyElements(to: $0) } } throws: {
      error in
      (error as? InferenceError)?.code == .typeMismatch
    }
  }

  @Test func aTensorInPiecesIsSentInPieces() throws {
    let tensor = self.tensor(count: 100, pieceLength: 16)
    let message = try RequestEncoder.encode(InferenceRequest(model: "m", inputs: ["x": tensor]))
    #expect(message.byteCount > 400)
    #expect(tensor.withUnsafePieces(\.count) == 25)
  }

  @Test func manyReadersAtOnceSeeTheSameBytes() async throws {
    let expected = Array(0..<5_000 as Range<Int32>)
    let tensor = self.tensor(count: expected.count, pieceLength: 33)
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for reader in 0..<32 {
        group.addTask {
          reader.isMultiple(of: 2)
            ? try tensor.array(of: Int32.self) == expected
            : try tensor.withElements(of: Int32.self) { $0.elementsEqual(expected) }
        }
      }
      for try await isEqual in group { #expect(isEqual) }
    }
  }
}
