// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import InferenceProtos
import SwiftProtobuf
import Testing
import TritonClient

/// Answers of servers that write a tensor's elements one by one.
@Suite struct TypedContentsTests {
  private func decode(
    _ dataType: String,
    shape: [Int64],
    _ fill: (inout Inference_InferTensorContents) -> Void
  ) throws -> Tensor {
    var output = Inference_ModelInferResponse.InferOutputTensor()
    output.name = "y"
    output.datatype = dataType
    output.shape = shape
    fill(&output.contents)
    var response = Inference_ModelInferResponse()
    response.modelName = "m"
    response.outputs = [output]
    let message = OwnedStorage(copying: try response.serializedBytes())
    return try ResponseDecoder.decode(message.pieces).output("y")
  }

  @Test func numbersOfEveryType() throws {
    #expect(
      try self.decode("BOOL", shape: [2]) { $0.boolContents = [true, false] }.array(of: Bool.self)
        == [true, false])
    #expect(
      try self.decode("INT8", shape: [2]) { $0.intContents = [-128, 127] }.array(of: Int8.self)
        == [-128, 127])
    #expect(
      try self.decode("INT16", shape: [1, 1]) { $0.intContents = [-32_768] }.array(of: Int16.self)
        == [-32_768])
    #expect(try self.decode("INT32", shape: [1]) { $0.intContents = [.min] }.array(of: Int32.self) == [.min])
    #expect(try self.decode("INT64", shape: []) { $0.int64Contents = [.min] }.array(of: Int64.self) == [.min])
    #expect(try self.decode("UINT8", shape: [1]) { $0.uintContents = [255] }.array(of: UInt8.self) == [255])
    #expect(try self.decode("UINT16", shape: [1]) { $0.uintContents = [9] }.array(of: UInt16.self) == [9])
    #expect(
      try self.decode("UINT32", shape: [1]) { $0.uintContents = [.max] }.array(of: UInt32.self) == [.max])
    #expect(
      try self.decode("UINT64", shape: [1]) { $0.uint64Contents = [.max] }.array(of: UInt64.self) == [.max])
    #expect(
      try self.decode("FP32", shape: [2]) { $0.fp32Contents = [-0.0, .infinity] }.array(of: Float.self)
        == [0, .infinity])
    #expect(
      try self.decode("FP64", shape: [1]) { $0.fp64Contents = [.leastNonzeroMagnitude] }
        .array(of: Double.self) == [.leastNonzeroMagnitude])
    #expect(try self.decode("FP32", shape: [0, 3]) { _ in }.array(of: Float.self) == [])
    #expect(try self.decode("FP16", shape: [0]) { _ in }.floats() == [])
  }

  @Test func byteStrings() throws {
    let tensor = try self.decode("BYTES", shape: [3]) { contents in
      contents.bytesContents = [[], [0], [0xFF, 0x41]].map { Data($0 as [UInt8]) }
    }
    #expect(try tensor.byteStrings() == [[], [0], [0xFF, 0x41]])
  }

  @Test(arguments: [
    ("INT8", [128]), ("INT16", [-32_769]), ("INT32", [1, 2, 3]), ("INT32", []), ("FP16", [1]),
  ])
  func elementsThatAreNotTheTensorsAreRefused(dataType: String, elements: [Int32]) {
    #expect {
      try self.decode(dataType, shape: [1]) { $0.intContents = elements }
    } throws: { error in
      guard let error = error as? InferenceError else { return false }
      return error.code == .malformedResponse && error.message.contains("the output \"y\"")
    }
  }

  @Test(arguments: [[-1], [Int64.max, 2], [Int64.max, Int64.max]] as [[Int64]])
  func shapesThatCannotBeAreRefused(shape: [Int64]) {
    #expect(throws: InferenceError.self) { try self.decode("INT32", shape: shape) { $0.intContents = [1] } }
  }
}
