// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import InferenceProtos
import SwiftProtobuf
import Testing
import TritonClient

/// The infer path writes and reads tensors' bytes itself: it must agree with SwiftProtobuf on every byte.
@Suite struct InferenceCodingTests {
  @Test func aRequestDecodesAsTheProtocolSays() throws {
    var request = InferenceRequest(model: "unet", version: "3", id: "step 7")
    request.inputs = [
      "sample": try Tensor([1, 2, 3, 4] as [Float], shape: [1, 4]),
      "empty": try Tensor([] as [Int64], shape: [0]),
      "names": try Tensor(strings: ["a", ""]),
    ]
    request.outputs = ["noise_pred"]
    let message = try RequestEncoder.encode(request)
    let encoded = message.wholeBytes
    #expect(message.byteCount == encoded.count)

    let decoded = try Inference_ModelInferRequest(serializedBytes: encoded)
    #expect(decoded.modelName == "unet")
    #expect(decoded.modelVersion == "3")
    #expect(decoded.id == "step 7")
    #expect(decoded.inputs.map(\.name) == ["sample", "empty", "names"])
    #expect(decoded.inputs.map(\.datatype) == ["FP32", "INT64", "BYTES"])
    #expect(decoded.inputs.map(\.shape) == [[1, 4], [0], [2]])
    #expect(decoded.outputs.map(\.name) == ["noise_pred"])
    #expect(decoded.rawInputContents.map(\.count) == [16, 0, 9])
    #expect(Array(decoded.rawInputContents[2]) == [1, 0, 0, 0, 97, 0, 0, 0, 0])
  }

  @Test func aTensorsMemoryIsSentFromWhereItIs() throws {
    let tensor = Tensor(Array(repeating: 1 as Float, count: 1000))
    let message = try RequestEncoder.encode(InferenceRequest(model: "m", inputs: ["x": tensor]))
    let addresses = message.pieces.flatMap { $0.pieces.buffers.map(\.baseAddress) }
    #expect(addresses.contains(tensor.withUnsafeBytes(\.baseAddress)))
  }

  @Test(arguments: [0, 1, 127, 128, 300, 1 << 35, .max] as [UInt64])
  func varintsComeBack(value: UInt64) throws {
    var bytes: [UInt8] = []
    WireFormat.appendVarint(value, to: &bytes)
    let read = try bytes.withUnsafeBytes { bytes in
      var reader = SliceReader([bytes])
      return try reader.readVarint()
    }
    #expect(read == value)
  }

  @Test(
    arguments: [
      [0x80], Array(repeating: 0x80, count: 10) + [1], Array(repeating: 0xFF, count: 9) + [2],
    ] as [[UInt8]])
  func malformedVarintsAreErrors(bytes: [UInt8]) {
    #expect(throws: WireError.self) {
      try bytes.withUnsafeBytes { bytes in
        var reader = SliceReader([bytes])
        return try reader.readVarint()
      }
    }
  }

  @Test(arguments: 1...9)
  func readingGoesOnAcrossSlices(pieceLength: Int) throws {
    let bytes = Array(0..<64 as Range<UInt8>)
    try bytes.withUnsafeBytes { whole in
      let slices = stride(from: 0, to: whole.count, by: pieceLength).map { start in
        UnsafeRawBufferPointer(rebasing: whole[start..<min(start + pieceLength, whole.count)])
      }
      var reader = SliceReader(slices)
      var read: [UInt8] = [try reader.readByte()]
      read += try reader.readBuffers(40).flatMap(\.self)
      read += try reader.readBuffers(reader.remaining).flatMap(\.self)
      #expect(read == bytes)
      #expect(reader.remaining == 0)
      #expect(throws: WireError.truncated) { try reader.readByte() }
    }
  }

  @Test func aLengthPastTheEndIsAnError() {
    #expect(throws: WireError.truncated) {
      try ([5, 1, 2] as [UInt8]).withUnsafeBytes { bytes in
        var reader = SliceReader([bytes])
        return try reader.readLength()
      }
    }
  }
}
