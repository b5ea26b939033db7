// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import Testing
import TritonClient

/// Every operation of the client on a real server with the models of models/shapes. One after the other, because one
/// of them unloads a model.
@Suite(.serialized) struct ClientTests {
  private func client(
    _ configuration: InferenceServerClient.Configuration = .defaults
  ) async throws -> InferenceServerClient {
    try InferenceServerClient(try await TestServer.url(), configuration: configuration)
  }

  private func textRequest(batch: Int = 1) throws -> InferenceRequest {
    let identifiers = (0..<batch * 77).map { Int64($0 % 77) }
    return InferenceRequest(
      model: "shapes_text_encoder",
      inputs: ["input_ids": try Tensor(identifiers, shape: [batch, 77])]
    )
  }

  @Test func theServerIsLiveAndReady() async throws {
    let client = try await self.client()
    #expect(try await client.isServerLive())
    #expect(try await client.isServerReady())
    #expect(try await client.isModelReady("shapes_unet"))
    #expect(try await client.isModelReady("shapes_unet", version: "1"))
    #expect(try await !client.isModelReady("shapes_unet", version: "99"))
    #expect(try await !client.isModelReady("no_such_model"))
  }

  @Test func theServerNamesItselfAndItsExtensions() async throws {
    let metadata = try await self.client().serverMetadata()
    #expect(metadata.name == "triton")
    #expect(metadata.version.hasPrefix("2."))
    #expect(metadata.extensions.contains("model_repository"))
  }

  @Test func aModelsMetadataHasItsTensors() async throws {
    let metadata = try await self.client().modelMetadata("shapes_unet")
    #expect(metadata.versions == ["1"])
    #expect(metadata.inputs.first { $0.name == "sample" }?.shape == [-1, 4, -1, -1])
    #expect(metadata.inputs.first { $0.name == "timestep" }?.shape == [-1, 1])
    #expect(metadata.outputs.map(\.name) == ["noise_pred"])
    #expect(metadata.outputs.map(\.dataType) == [.fp32])
  }

  @Test func aModelsConfigurationHasItsParameters() async throws {
    let configuration = try await self.client().modelConfiguration("shapes_unet")
    #expect(configuration.backend == "onnxruntime")
    #expect(configuration.maximumBatchSize >= 2)
    #expect(configuration.usesDynamicBatching)
    #expect(!configuration.isDecoupled)
    #expect(configuration.parameters["pipeline"] == "shapes")
    #expect(configuration.parameters["role"] == "denoiser")
    #expect(configuration.inputs.first { $0.name == "sample" }?.dimensions == [4, -1, -1])
  }

  @Test func theIndexListsTheModelsAndTheirStates() async throws {
    let index = try await self.client().repositoryIndex()
    let unet = try #require(index.first { $0.name == "shapes_unet" })
    #expect(unet.state == .ready)
    #expect(unet.version == "1")
    #expect(index.contains { $0.name == "shapes_tokenizer" })
    #expect(try await self.client().repositoryIndex(onlyReady: true).allSatisfy { $0.state == .ready })
  }

  @Test func anInferenceAnswersAndIsCounted() async throws {
    let client = try await self.client()
    let before = try await client.modelStatistics("shapes_text_encoder")
    var request = try self.textRequest(batch: 2)
    request.id = "two prompts"
    request.outputs = ["last_hidden_state"]
    let response = try await client.infer(request, timeout: .seconds(20))
    #expect(response.model == "shapes_text_encoder")
    #expect(response.version == "1")
    #expect(response.id == "two prompts")
    #expect(response.outputs.names == ["last_hidden_state"])
    let hidden = try response.output("last_hidden_state")
    #expect(hidden.shape.prefix(2) == [2, 77])
    let values = try hidden.array(of: Float.self)
    #expect(values.allSatisfy { $0.isFinite })
    #expect(values.prefix(values.count / 2) == values.suffix(values.count / 2))

    let after = try await client.modelStatistics("shapes_text_encoder")
    let answered = (after.first?.success.count ?? 0) - (before.first?.success.count ?? 0)
    #expect(answered >= 1)
    #expect(try await client.modelStatistics().count >= 5)
  }

  @Test func manyTasksShareOneClient() async throws {
    let client = try await self.client()
    let request = try self.textRequest()
    let expected = try await client.infer(request).output("pooler_output").array(of: Float.self)
    try await withThrowingTaskGroup(of: [Float].self) { group in
      for _ in 0..<32 {
        group.addTask { try await client.infer(request).output("pooler_output").array(of: Float.self) }
      }
      for try await pooled in group {
        let difference = zip(pooled, expected).map { abs($0 - $1) }.max() ?? .infinity
        #expect(difference < 1e-4)
      }
    }
  }

  @Test func byteStringsGoBothWays() async throws {
    let response = try await self.client().infer(
      InferenceRequest(
        model: "shapes_tokenizer",
        inputs: ["files": try Tensor(strings: ["merges.txt", "vocab.json"])]
      )
    )
    let contents = try response.output("contents").strings()
    #expect(contents.count == 2)
    #expect(contents[1].contains("<|startoftext|>"))
  }

  @Test func aModelIsUnloadedAndLoaded() async throws {
    let client = try await self.client()
    try await client.unloadModel("shapes_vae_encoder")
    for _ in 0..<100 where try await client.isModelReady("shapes_vae_encoder") {
      try await Task.sleep(for: .milliseconds(100))
    }
    #expect(try await !client.isModelReady("shapes_vae_encoder"))
    let entry = try await client.repositoryIndex().first { $0.name == "shapes_vae_encoder" }
    #expect(entry?.state != .ready)
    try await client.loadModel("shapes_vae_encoder")
    #expect(try await client.isModelReady("shapes_vae_encoder"))
  }

  @Test func theHTTPAndMetricsPortsAnswerToo() async throws {
    let health = try await TestServer.get(path: "v2/health/ready", from: .http)
    #expect(health.status == 200)
    let metrics = try await TestServer.get(path: "metrics", from: .metrics)
    #expect(metrics.body.contains("nv_inference_request_success"))
  }
}

/// Requests that cannot succeed, on the same server.
@Suite struct RefusedRequestTests {
  private func failure(_ request: InferenceRequest) async throws -> InferenceError {
    let client = try InferenceServerClient(try await TestServer.url())
    do {
      _ = try await client.infer(request)
    } catch let error as InferenceError {
      return error
    }
    throw InferenceError(code: .internalError, message: "the request was accepted")
  }

  @Test func anUnknownModelIsAnsweredWithTheKnownOnes() async throws {
    let error = try await self.failure(InferenceRequest(model: "shapes_unnet"))
    #expect(error.code == .modelNotFound)
    #expect(error.model == "shapes_unnet")
    #expect(error.message.contains("shapes_text_encoder"))
    #expect(error.message.contains("shapes_unet"))
  }

  @Test func anUnknownVersionIsNotFound() async throws {
    let error = try await self.failure(InferenceRequest(model: "shapes_unet", version: "99"))
    #expect(error.code == .modelNotFound)
  }

  @Test func aWrongShapeIsAnsweredWithTheSignature() async throws {
    let tensor = try Tensor([1, 2, 3] as [Int64], shape: [1, 3])
    let error = try await self.failure(
      InferenceRequest(model: "shapes_text_encoder", inputs: ["input_ids": tensor])
    )
    #expect(error.code == .invalidArgument)
    #expect(error.attempt == 0)
    #expect(error.message.contains("the input \"input_ids\" has the shape [1, 3] instead of [-1, 77]"))
    #expect(error.message.contains("the model expects input_ids INT64 [-1, 77]"))
  }

  @Test func aWrongTypeIsAnsweredWithTheSignature() async throws {
    let tensor = try Tensor(Array(repeating: 0 as Int32, count: 77), shape: [1, 77])
    let error = try await self.failure(
      InferenceRequest(model: "shapes_text_encoder", inputs: ["input_ids": tensor])
    )
    #expect(error.code == .typeMismatch)
    #expect(error.message.contains("is INT32 instead of INT64"))
    #expect(error.message.contains("the model expects input_ids INT64 [-1, 77]"))
  }

  @Test func aMissingInputIsAnsweredWithTheSignature() async throws {
    let error = try await self.failure(InferenceRequest(model: "shapes_text_encoder"))
    #expect(error.code == .invalidArgument)
    #expect(error.message.contains("the input \"input_ids\" is missing"))
    #expect(error.message.contains("the model expects input_ids INT64 [-1, 77]"))
  }

  @Test func theServersOwnRefusalCarriesTheSignatureToo() async throws {
    let client = try InferenceServerClient(
      try await TestServer.url(),
      configuration: .init(validatesRequests: false)
    )
    let tensor = try Tensor([1, 2, 3] as [Int64], shape: [1, 3])
    await #expect {
      _ = try await client.infer(
        InferenceRequest(model: "shapes_text_encoder", inputs: ["input_ids": tensor])
      )
    } throws: { error in
      let error = error as? InferenceError
      return error?.code == .invalidArgument && error?.attempt == 1
        && error?.status?.code == .invalidArgument
    }
  }
}

/// Deadlines, retries and cancellation.
@Suite struct CallTimingTests {
  /// A port on which nothing listens.
  private let deadURL = "grpc://127.0.0.1:9"

  @Test func aDeadServerIsTriedAsOftenAsThePolicySays() async throws {
    let client = try InferenceServerClient(
      self.deadURL,
      configuration: .init(retry: .exponentialBackoff(initial: .milliseconds(5), maxAttempts: 3))
    )
    await #expect {
      _ = try await client.isServerLive()
    } throws: { error in
      let error = error as? InferenceError
      return error?.code == .unavailable && error?.attempt == 3 && error?.endpoint == self.deadURL
    }
  }

  @Test func theDeadlineCoversAttemptsAndPauses() async throws {
    let client = try InferenceServerClient(
      self.deadURL,
      configuration: .init(
        timeout: .milliseconds(400),
        retry: .exponentialBackoff(initial: .milliseconds(50), maxAttempts: 1_000)
      )
    )
    let clock = ContinuousClock()
    let start = clock.now
    await #expect(throws: InferenceError.self) { _ = try await client.isServerLive() }
    // A thousand attempts would take an hour; the margin is for a machine busy with the other tests.
    #expect(clock.now - start < .seconds(10))
  }

  @Test func aCallThatTakesTooLongEndsAtItsDeadline() async throws {
    let client = try InferenceServerClient(try await TestServer.url())
    let sample = try Tensor(shape: [2, 4, 96, 96], of: Float.self) { $0.initialize(repeating: 0) }
    let width = try await client.modelMetadata("shapes_unet").inputs
      .first { $0.name == "encoder_hidden_states" }?.shape.last
    let context = try Tensor(shape: [2, 77, try #require(width)], of: Float.self) {
      $0.initialize(repeating: 0)
    }
    let request = InferenceRequest(
      model: "shapes_unet",
      inputs: [
        "sample": sample,
        "timestep": try Tensor([1, 1] as [Float], shape: [2, 1]),
        "encoder_hidden_states": context,
      ]
    )
    await #expect {
      _ = try await client.infer(request, timeout: .milliseconds(30))
    } throws: { error in
      (error as? InferenceError)?.code == .deadlineExceeded
    }
  }

  @Test func cancellingTheTaskCancelsTheCall() async throws {
    let client = try InferenceServerClient(
      self.deadURL,
      configuration: .init(
        timeout: .seconds(120),
        retry: .exponentialBackoff(initial: .seconds(60), cap: .seconds(60))
      )
    )
    let task = Task { try await client.isServerLive() }
    try await Task.sleep(for: .milliseconds(50))
    task.cancel()
    let clock = ContinuousClock()
    let start = clock.now
    await #expect(throws: CancellationError.self) { _ = try await task.value }
    #expect(clock.now - start < .seconds(5))
  }
}
