// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import CoreMetrics
import MetricsTestKit
import Testing
import TritonClient

/// When a client asks for a model's signature, seen by the calls that it counts.
@Suite(.serialized) struct RequestValidationTests {
  private let metrics = TestMetrics()

  private func client() async throws -> InferenceServerClient {
    try InferenceServerClient(try await TestServer.url(), configuration: .init(metrics: self.metrics))
  }

  private func questions(about model: String) -> Int64 {
    let dimensions = [("method", "ModelMetadata"), ("model", model), ("code", "OK")]
    return self.metrics.counterTotal(label: "triton_client_calls_total", dimensions: dimensions)
  }

  private func inferences(of model: String) -> Int64 {
    let dimensions = [("method", "ModelInfer"), ("model", model), ("code", "OK")]
    return self.metrics.counterTotal(label: "triton_client_calls_total", dimensions: dimensions)
  }

  @Test func aSignatureIsAskedForOnceAndNothingIsSent() async throws {
    let client = try await self.client()
    var request = InferenceRequest(model: "echo", inputs: ["IN_FP32": Tensor([1 as Float])])
    for _ in 0..<3 { try await client.validate(request) }
    #expect(self.questions(about: "echo") == 1)
    request.inputs["IN_INT8"] = Tensor([1 as Float])
    request.inputs["IN_NOTHING"] = Tensor([1 as Float])
    await #expect {
      try await client.validate(request)
    } throws: { error in
      let error = error as? InferenceError
      return error?.message.contains("\"IN_INT8\" is FP32 instead of INT8") == true
        && error?.message.contains("no input \"IN_NOTHING\"") == true
        && error?.message.contains("the model expects IN_BOOL BOOL [-1] (optional)") == true
        && error?.endpoint == client.url
    }
    #expect(self.questions(about: "echo") == 2)
    #expect(self.inferences(of: "echo") == 0)
  }

  @Test func aModelThatKeepsStateNeedsASequence() async throws {
    let client = try await self.client()
    let request = InferenceRequest(
      model: "accumulate", inputs: ["VALUE": try Tensor([1 as Int32], shape: [1, 1])])
    await #expect {
      _ = try await client.infer(request)
    } throws: { error in
      (error as? InferenceError)?.message.contains("set the request's sequence") == true
    }
    #expect(self.inferences(of: "accumulate") == 0)
  }

  @Test func anAnswerOfANewVersionHasTheSignatureAskedForAgain() async throws {
    let client = try await self.client()
    // Somebody else replaces the model, so this client only learns of it by the answers.
    let administrator = try InferenceServerClient(try await TestServer.url())
    let model = SentModel.line(named: "versioned")
    try await model.loaded(on: administrator, code: SentModel.code("x")) {
      let prepared = try client.prepare(
        InferenceRequest(model: "versioned", inputs: ["X": Tensor([1, 2] as [Float])]))
      try await client.validate(prepared)
      for _ in 0..<3 { #expect(try await client.infer(prepared).version == "1") }
      #expect(self.questions(about: "versioned") == 1)

      try await model.load(on: administrator, version: 2, code: SentModel.code("x * 2"))
      let response = try await client.infer(prepared)
      #expect(response.version == "2")
      #expect(try response.output("Y").array(of: Float.self) == [2, 4])
      #expect(self.questions(about: "versioned") == 1)
      for _ in 0..<3 { #expect(try await client.infer(prepared).version == "2") }
      #expect(self.questions(about: "versioned") == 2)
    }
  }

  @Test func aRequestForTheNewSignatureIsNotRefusedByTheOldOne() async throws {
    let client = try await self.client()
    let administrator = try InferenceServerClient(try await TestServer.url())
    let model = SentModel.line(named: "retyped")
    try await model.loaded(on: administrator, code: SentModel.code("x")) {
      let floats = InferenceRequest(model: "retyped", inputs: ["X": Tensor([1 as Float])])
      _ = try await client.infer(floats)
      try await SentModel.line(named: "retyped", dataType: "TYPE_INT32")
        .load(on: administrator, version: 1, code: SentModel.code("x + 1"))
      let integers = InferenceRequest(model: "retyped", inputs: ["X": Tensor([1 as Int32])])
      #expect(try await client.infer(integers).output("Y").array(of: Int32.self) == [2])
      await #expect {
        _ = try await client.infer(floats)
      } throws: { error in
        (error as? InferenceError)?.code == .typeMismatch
      }
    }
  }
}
