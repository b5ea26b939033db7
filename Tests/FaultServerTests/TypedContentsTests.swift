// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing
import TritonClient

/// Answers of servers that put elements into the protocol's typed fields instead of raw bytes.
@Suite(.timeLimit(.minutes(1))) struct TypedContentsTests {
  /// The protocol has no typed field for the 16-bit floating-point types.
  private static let dataTypes = DataType.all.filter { $0 != .fp16 && $0 != .bf16 }

  @Test(arguments: TypedContentsTests.dataTypes)
  func elementsAreTheSameAsFromRawBytes(dataType: DataType) async throws {
    let client = try await FaultServer.client()
    let tensor = try SampleTensors.tensor(of: dataType)
    let answer = try await client.infer(
      .echo(["x": tensor, "again": tensor], faults: ["typed_contents": true])
    )
    for name in ["x", "again"] {
      let output = try answer.output(name)
      #expect(output.shape == tensor.shape)
      #expect(output.dataType == dataType)
      #expect(output.withUnsafeBytes { Array($0) } == tensor.withUnsafeBytes { Array($0) })
    }
  }

  @Test func tensorsWithoutElementsHaveNoContents() async throws {
    let client = try await FaultServer.client()
    let empty = try Tensor([] as [Float], shape: [2, 0])
    let answer = try await client.infer(.echo(["x": empty], faults: ["typed_contents": true]))
    #expect(try answer.output("x").shape == [2, 0])
    #expect(try answer.output("x").byteCount == 0)
  }

  @Test(arguments: ["5", "3", "-4", "4,2"])
  func aWrongNumberOfElementsIsMalformed(shape: String) async throws {
    let client = try await FaultServer.client()
    let error = try await client.failure(
      of: .echo(faults: ["typed_contents": true, "shape": .string(shape)])
    )
    #expect(error.code == .malformedResponse)
    #expect(error.message.contains("\"x\""))
  }

  @Test(arguments: ["INT64", "BYTES", "BOOL"])
  func elementsOfAnotherTypeAreMalformed(dataType: String) async throws {
    let client = try await FaultServer.client()
    let error = try await client.failure(
      of: .echo(faults: ["typed_contents": true, "data_type": .string(dataType)])
    )
    #expect(error.code == .malformedResponse)
    #expect(error.message.contains("\"x\""))
  }

  @Test(arguments: [300, -1, Int32.max] as [Int32])
  func elementsThatDoNotFitTheirTypeAreMalformed(value: Int32) async throws {
    let client = try await FaultServer.client()
    let request = InferenceRequest.echo(
      ["x": Tensor([value])],
      faults: ["typed_contents": true, "data_type": value == -1 ? "UINT8" : "INT8"]
    )
    let error = try await client.failure(of: request)
    #expect(error.code == .malformedResponse)
    #expect(error.message.contains("\"x\""))
  }
}
