// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import InferenceProtos
import SwiftProtobuf
import Testing
import TritonClient

/// Models as functions from array to array, and what else is said in one line.
@Suite(.serialized) struct ArrayCallTests {
  private func client(
    _ configuration: InferenceServerClient.Configuration = .defaults
  ) async throws -> InferenceServerClient {
    try InferenceServerClient(try await TestServer.url(), configuration: configuration)
  }

  @Test func numbersGoInAndComeOut() async throws {
    let client = try await self.client()
    let model = SentModel.line(named: "line")
    try await model.loaded(on: client, code: SentModel.code("x")) {
      let answer: [Float] = try await client.infer("line", [1, 2, 3])
      #expect(answer == [1, 2, 3])
      let handle = try await client.model("line")
      let more: [Float] = try await handle([0.5, -1] as [Float])
      #expect(more == [0.5, -1])
      #expect(try await client.infer("line", Tensor([7 as Float])).array(of: Float.self) == [7])
      await #expect {
        _ = try await client.infer("line", [1, 2] as [Int64], returning: Float.self)
      } throws: { error in
        (error as? InferenceError)?.code == .typeMismatch
      }
    }
  }

  @Test func stringsGoInAndComeOut() async throws {
    let client = try await self.client()
    let model = SentModel.line(named: "words", dataType: "TYPE_STRING")
    try await model.loaded(on: client, code: SentModel.code("x")) {
      let answer: [String] = try await client.infer("words", ["one", "", "drei ümläute"])
      #expect(answer == ["one", "", "drei ümläute"])
    }
  }

  @Test func rowsOfABatchAreSentInPartsThatTheModelTakes() async throws {
    let client = try await self.client()
    try await SentModel.twice.loaded(on: client, code: SentModel.code("(x * 2).astype(np.float16)")) {
      let rows = (0..<10).map { [Float($0), -Float($0)] }
      let answers: [[Float]] = try await client.infer("twice", batch: rows)
      #expect(answers == rows.map { row in row.map { $0 * 2 } })
      #expect(client.inferenceStatistics().completedCount == 3)
      let handle = try await client.model("twice")
      let one: [[Float]] = try await handle(batch: [[1, 2] as [Float]])
      #expect(one == [[2, 4]])
      let none: [[Float]] = try await client.infer("twice", batch: [] as [[Float]])
      #expect(none.isEmpty)
      // The batch is the open dimension of the model's shape.
      let flat: [Float] = try await client.infer("twice", [1, 2, 3, 4])
      #expect(flat == [2, 4, 6, 8])
      await #expect {
        let _: [[Float]] = try await client.infer("twice", batch: [[1, 2], [3]] as [[Float]])
      } throws: { error in
        "\(error)".contains("row 1 has 1 elements, row 0 has 2")
      }
    }
  }

  @Test func aModelWithSeveralTensorsIsRefusedByName() async throws {
    let client = try await self.client()
    await #expect {
      let _: [Float] = try await client.infer("shapes_unet", [1])
    } throws: { error in
      let error = error as? InferenceError
      return error?.model == "shapes_unet" && error?.message.contains("call it with tensors by name") == true
    }
    await #expect {
      let _: [Float] = try await client.infer("no_such_model", [1])
    } throws: { error in
      (error as? InferenceError)?.code == .modelNotFound
    }
  }

  @Test func statisticsComeAtIntervals() async throws {
    let client = try await self.client()
    let begin = ContinuousClock.now
    var snapshots: [StatisticsSnapshot] = []
    for try await snapshot in client.statistics(of: "echo", every: .milliseconds(150)) {
      snapshots.append(snapshot)
      if snapshots.count == 3 { break }
      _ = try await client.infer(
        InferenceRequest(model: "echo", inputs: ["IN_FP32": Tensor([1 as Float])], outputs: ["OUT_FP32"]))
    }
    #expect(ContinuousClock.now - begin >= .milliseconds(300))
    let difference = snapshots[2].difference(since: snapshots[0])
    #expect(difference.models.map(\.name) == ["echo"])
    #expect((difference.models.first?.success.count ?? 0) >= 2)
    #expect(difference.answersPerSecond(of: "echo") > 0)
    // A snapshot that came late makes the time to the next one shorter than the interval.
    #expect(difference.duration >= .milliseconds(150))
  }

  @Test func cancellingEndsTheLoopOverStatistics() async throws {
    let client = try await self.client()
    let (first, arrived) = AsyncStream.makeStream(of: Void.self)
    let task = Task {
      for try await _ in client.statistics(every: .seconds(3600)) { arrived.yield() }
    }
    for await _ in first { break }
    let begin = ContinuousClock.now
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(ContinuousClock.now - begin < .seconds(10))
  }

  @Test func aMessageCanBeSentAsBytes() async throws {
    let client = try await self.client()
    let request = Inference_ModelMetadataRequest.with { $0.name = "echo" }
    let answer = try await client.rawCall("ModelMetadata", message: try request.serializedBytes())
    let metadata = try Inference_ModelMetadataResponse(serializedBytes: answer)
    #expect(metadata.name == "echo")
    #expect(metadata.inputs.count == 13)
    await #expect {
      _ = try await client.rawCall("NoSuchMethod", message: [])
    } throws: { error in
      (error as? InferenceError)?.code == .unimplemented
    }
    for method in ["", "ModelStreamInfer", "/inference.GRPCInferenceService/ServerLive"] {
      await #expect {
        _ = try await client.rawCall(method, message: [])
      } throws: { error in
        (error as? InferenceError)?.code == .invalidArgument
      }
    }
  }

  @Test func theServersJSONSaysTheSameAsItsMessages() async throws {
    let client = try await self.client()
    func read<Value: Decodable>(_ path: String, as type: Value.Type) async throws -> Value {
      let answer = try await TestServer.get(path: path, from: .http)
      #expect(answer.status == 200)
      return try JSONDecoder().decode(type, from: Data(answer.body.utf8))
    }
    #expect(try await read("v2", as: ServerMetadata.self) == client.serverMetadata())
    for model in ["accumulate", "countdown", "echo", "shapes_unet", "shapes_tokenizer"] {
      let configuration = try await client.modelConfiguration(model)
      #expect(try await read("v2/models/\(model)/config", as: ModelConfiguration.self) == configuration)
      let metadata = try await client.modelMetadata(model)
      #expect(try await read("v2/models/\(model)", as: ModelMetadata.self) == metadata)
    }
    struct Statistics: Decodable {
      var model_stats: [ModelStatistics]
    }
    let statistics = try await client.modelStatistics("shapes_vae_decoder")
    let read = try await read("v2/models/shapes_vae_decoder/stats", as: Statistics.self)
    // Other suites may call the model between the two questions.
    #expect(read.model_stats.map(\.name) == statistics.map(\.name))
    #expect((read.model_stats.first?.inferenceCount ?? -1) >= (statistics.first?.inferenceCount ?? 0))
  }

  @Test func aConfigurationSaysHowTheModelIsRun() async throws {
    let client = try await self.client()
    let stateful = try await client.modelConfiguration("accumulate")
    #expect(stateful.maximumBatchSize == 8)
    let batching = try #require(stateful.sequenceBatching)
    #expect(batching.maximumIdleTime == .seconds(10))
    #expect(batching.controlInputs.map(\.name) == ["START", "CORRELATION"])
    guard case .oldest(let candidates, _, _) = batching.strategy else {
      Issue.record("the strategy is \(batching.strategy)")
      return
    }
    #expect(candidates == 4)
    #expect(stateful.dynamicBatching == nil)
    #expect(stateful.instanceGroups.map(\.kind) == [.cpu])
    #expect(stateful.versionPolicy == .latest(1))
    #expect(try await client.modelConfiguration("countdown").isDecoupled)
    let unet = try await client.modelConfiguration("shapes_unet")
    #expect(unet.dynamicBatching != nil)
    #expect(!unet.isEnsemble)
  }
}
