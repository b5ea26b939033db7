// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import Testing
import TritonClient

/// Comparing a request with metadata that are at hand.
@Suite struct ValidationTests {
  private let metadata = ModelMetadata(
    name: "unet",
    versions: ["1"],
    inputs: [
      .init(name: "sample", dataType: .fp32, shape: [-1, 4, -1, -1]),
      .init(name: "timestep", dataType: .fp32, shape: [-1, 1]),
    ],
    outputs: [.init(name: "noise_pred", dataType: .fp32, shape: [-1, 4, -1, -1])]
  )

  private func configuration(_ json: String) throws -> ModelConfiguration {
    try JSONDecoder().decode(ModelConfiguration.self, from: Data(json.utf8))
  }

  private func request() throws -> InferenceRequest {
    InferenceRequest(
      model: "unet",
      inputs: [
        "sample": try Tensor(Array(repeating: 0 as Float, count: 16), shape: [1, 4, 2, 2]),
        "timestep": try Tensor([1 as Float], shape: [1, 1]),
      ]
    )
  }

  private func refusal(
    _ request: InferenceRequest,
    configuration: ModelConfiguration? = nil
  ) throws -> InferenceError {
    let error = #expect(throws: InferenceError.self) {
      try request.validate(against: self.metadata, configuration: configuration)
    }
    return try #require(error)
  }

  @Test func aRequestThatFitsPasses() throws {
    try self.request().validate(against: self.metadata)
  }

  @Test func allProblemsAreNamedWithWhatIsExpected() throws {
    var request = try self.request()
    request.inputs["sample"] = try Tensor([0, 0, 0] as [Float], shape: [1, 3, 1, 1])
    request.inputs["timestep"] = try Tensor([1 as Int64], shape: [1, 1])
    request.inputs["smaple"] = Tensor([1 as Float])
    request.outputs = ["noise"]
    request.classifications = ["labels": 3]
    let error = try self.refusal(request)
    #expect(error.code == .invalidArgument)
    #expect(error.model == "unet")
    #expect(
      error.message == """
        the input "sample" has the shape [1, 3, 1, 1] instead of [-1, 4, -1, -1]; \
        the input "timestep" is INT64 instead of FP32; the model has no input "smaple"; \
        the model has no output "noise"; the model has no output "labels" to classify; \
        the model expects sample FP32 [-1, 4, -1, -1], timestep FP32 [-1, 1] \
        and gives noise_pred FP32 [-1, 4, -1, -1]
        """
    )
  }

  @Test func nothingButTypesIsATypeMismatch() throws {
    var request = try self.request()
    request.inputs["timestep"] = try Tensor([1 as Int64], shape: [1, 1])
    #expect(try self.refusal(request).code == .typeMismatch)
    request.inputs["sample"] = nil
    #expect(try self.refusal(request).code == .invalidArgument)
  }

  @Test func aConfigurationAddsBatchesOptionalInputsAndSequences() throws {
    let optional = try self.configuration(
      #"{"name": "unet", "input": [{"name": "timestep", "data_type": "TYPE_FP32", "optional": true}]}"#)
    var request = try self.request()
    request.inputs["timestep"] = nil
    try request.validate(against: self.metadata, configuration: optional)
    #expect(try self.refusal(request).message.contains("\"timestep\" is missing"))

    let small = try self.configuration(#"{"name": "unet", "max_batch_size": 1}"#)
    request.inputs["sample"] = try Tensor(Array(repeating: 0 as Float, count: 32), shape: [2, 4, 2, 2])
    request.inputs["timestep"] = try Tensor([1, 1] as [Float], shape: [2, 1])
    try request.validate(against: self.metadata)
    #expect(try self.refusal(request, configuration: small).message.contains("a batch of 2 is larger"))

    let stateful = try self.configuration(#"{"name": "unet", "sequence_batching": {"direct": {}}}"#)
    #expect(
      try self.refusal(self.request(), configuration: stateful).message.contains("the model keeps state"))
    request = try self.request()
    request.sequence = SequenceMembership(id: .integer(1), isStart: true)
    try request.validate(against: self.metadata, configuration: stateful)
  }

  @Test func metadataOfAnotherModelAreRefused() throws {
    var request = try self.request()
    request.model = "vae"
    #expect(try self.refusal(request).message.contains("\"unet\""))
  }
}
