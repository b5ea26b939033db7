// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing
import TritonClient

@Suite struct SingleTensorModelTests {
  private func model(
    _ inputs: [ModelSignature.Input],
    outputCount: Int = 1,
    maximumBatchSize: Int = 0
  ) throws -> SingleTensorModel {
    try SingleTensorModel(
      ModelSignature(
        model: "m",
        inputs: inputs,
        outputs: (0..<outputCount).map { .init(name: "y\($0)", dataType: .fp32, shape: [-1]) },
        maximumBatchSize: maximumBatchSize
      )
    )
  }

  private func input(_ shape: [Int], isOptional: Bool = false, name: String = "x") -> ModelSignature.Input {
    .init(tensor: .init(name: name, dataType: .fp32, shape: shape), isOptional: isOptional)
  }

  @Test(
    arguments: [
      ([3, 2], 6, [3, 2]), ([-1, 2], 6, [3, 2]), ([2, -1, 3], 12, [2, 2, 3]), ([-1], 0, [0]), ([], 1, []),
    ] as [([Int], Int, [Int])])
  func theOpenDimensionFollowsFromTheCount(pattern: [Int], count: Int, shape: [Int]) throws {
    #expect(try self.model([self.input(pattern)]).shape(ofElements: count) == shape)
  }

  @Test(arguments: [([3, 2], 5), ([-1, 2], 5), ([-1, -1], 4), ([-1, 0], 4)] as [([Int], Int)])
  func otherCountsAreRefused(pattern: [Int], count: Int) throws {
    let model = try self.model([self.input(pattern)])
    let error = #expect(throws: InferenceError.self) { try model.shape(ofElements: count) }
    #expect(error?.code == .invalidArgument)
    #expect(error?.model == "m")
  }

  @Test func aRowIsAShapeWithoutTheBatch() throws {
    #expect(try self.model([self.input([-1, 3, 2])]).rowShape(ofElements: 6) == [3, 2])
    #expect(try self.model([self.input([-1, -1])]).rowShape(ofElements: 7) == [7])
    let unbatched = try self.model([self.input([3, 2])])
    #expect(throws: InferenceError.self) { try unbatched.rowShape(ofElements: 2) }
  }

  @Test func aBatchIsCutIntoWhatTheModelTakes() throws {
    let model = try self.model([self.input([-1, 1])], maximumBatchSize: 4)
    #expect(model.parts(of: Array(0..<10)).map(Array.init) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]])
    #expect(try self.model([self.input([-1, 1])]).parts(of: Array(0..<10)).count == 1)
  }

  @Test func moreTensorsNeedNames() throws {
    #expect(throws: InferenceError.self) { try self.model([self.input([1]), self.input([1], name: "z")]) }
    #expect(throws: InferenceError.self) { try self.model([self.input([1])], outputCount: 2) }
    let optional = try self.model([self.input([1], isOptional: true, name: "z"), self.input([1])])
    #expect(optional.input.name == "x")
  }

  @Test(arguments: [DataType.fp16, .bf16, .fp32, .fp64])
  func floatsFitEveryFloatingPointType(dataType: DataType) throws {
    let tensor = try Float.tensor([1, -0.5, .infinity], shape: [3], dataType: dataType)
    #expect(tensor.dataType == dataType)
    #expect(try Float.elements(of: tensor) == [1, -0.5, .infinity])
  }

  @Test func otherTypesFitTheirOwn() throws {
    let tensor = try Int32.tensor([1, 2], shape: [2], dataType: .int32)
    #expect(try Int32.elements(of: tensor) == [1, 2])
    let strings = try String.tensor(["a", "ü"], shape: [2], dataType: .bytes)
    #expect(try String.elements(of: strings) == ["a", "ü"])
    #expect(try [UInt8].elements(of: strings) == [[97], [0xC3, 0xBC]])
    let error = #expect(throws: InferenceError.self) {
      try Int32.tensor([1], shape: [1], dataType: .int64)
    }
    #expect(error?.code == .typeMismatch)
    #expect(throws: InferenceError.self) { try String.tensor([""], shape: [1], dataType: .uint8) }
    #expect(throws: InferenceError.self) { try [UInt8].tensor([[]], shape: [1], dataType: .uint8) }
    #expect(throws: InferenceError.self) { try Float.elements(of: tensor) }
  }
}
