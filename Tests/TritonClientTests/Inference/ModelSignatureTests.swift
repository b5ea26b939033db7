// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing
import TritonClient

@Suite struct ModelSignatureTests {
  private let signature = ModelSignature(
    inputs: [
      .init(tensor: .init(name: "sample", dataType: .fp32, shape: [-1, 4, -1, -1]), isOptional: false),
      .init(tensor: .init(name: "timestep", dataType: .fp32, shape: [-1, 1]), isOptional: false),
      .init(tensor: .init(name: "mask", dataType: .bool, shape: [-1, 1]), isOptional: true),
    ],
    outputs: [.init(name: "noise_pred", dataType: .fp32, shape: [-1, 4, -1, -1])],
    maximumBatchSize: 2
  )

  private func request(batch: Int = 1) throws -> InferenceRequest {
    InferenceRequest(
      model: "unet",
      inputs: [
        "sample": try Tensor(Array(repeating: 0 as Float, count: batch * 16), shape: [batch, 4, 2, 2]),
        "timestep": try Tensor(Array(repeating: 1 as Float, count: batch), shape: [batch, 1]),
      ]
    )
  }

  private func messages(_ change: (inout InferenceRequest) throws -> Void) throws -> [String] {
    var request = try self.request()
    try change(&request)
    return self.signature.problems(with: request).map(\.message)
  }

  @Test(arguments: [1, 2])
  func aRequestThatFitsHasNoProblems(batch: Int) throws {
    #expect(self.signature.problems(with: try self.request(batch: batch)).isEmpty)
  }

  @Test func eachProblemIsNamed() throws {
    #expect(
      try self.messages { $0.inputs["sample"] = nil } == ["the input \"sample\" is missing"]
    )
    #expect(
      try self.messages { $0.inputs["smaple"] = Tensor([1 as Float]) }
        == ["the model has no input \"smaple\""]
    )
    #expect(
      try self.messages { $0.inputs["timestep"] = try Tensor([1 as Int64], shape: [1, 1]) }
        == ["the input \"timestep\" is INT64 instead of FP32"]
    )
    #expect(
      try self.messages { $0.inputs["sample"] = try Tensor([0, 0, 0] as [Float], shape: [1, 3, 1, 1]) }
        == ["the input \"sample\" has the shape [1, 3, 1, 1] instead of [-1, 4, -1, -1]"]
    )
    #expect(
      try self.messages { $0.outputs = ["noise"] } == ["the model has no output \"noise\""]
    )
  }

  @Test func batchesMustAgreeAndFit() throws {
    #expect(
      try self.messages { $0.inputs["timestep"] = try Tensor([1, 2] as [Float], shape: [2, 1]) }.first?
        .contains("batches of 1 and 2") == true
    )
    let problems = self.signature.problems(with: try self.request(batch: 3))
    #expect(
      problems.map(\.message) == [
        "a batch of 3 is larger than the model's largest, 2: send it in parts"
      ])
  }

  @Test func aSignatureReadsAsASentence() {
    #expect(
      self.signature.description == """
        sample FP32 [-1, 4, -1, -1], timestep FP32 [-1, 1], mask BOOL [-1, 1] (optional) \
        and gives noise_pred FP32 [-1, 4, -1, -1]
        """
    )
  }
}
