// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import LocalTriton
import RemoteNodes
import Testing
import TritonClient

@Suite("When a picture cannot be made")
struct PipelineFailureTests {
  private func request(
    steps: Int = 4, width: Int = 128, checkpoint: String = "shapes", prefix: String = "test"
  ) -> Workflow {
    .textToImage(
      .init(
        prompt: "a red circle", checkpoint: checkpoint, steps: steps, cfg: 4, width: width, height: 128,
        filenamePrefix: prefix))
  }

  /// The error of a run, and that it left no file.
  private func failure(
    of workflow: Workflow, in studio: Studio
  ) async throws -> GraphError {
    let error = await #expect(throws: GraphError.self) { try await studio.runner.run(workflow) }
    #expect(try studio.filesLeft() == [])
    return try #require(error)
  }

  @Test("A width that is not a multiple of 8, no steps, an unknown checkpoint: one clear line each")
  func badInputs() async throws {
    let studio = try await Studio()
    let width = try await failure(of: request(width: 100), in: studio)
    #expect(width.code == .invalidInput)
    #expect(
      width.description == "EmptyLatentImage (node 5): width 100 is not a multiple of 8: use 96 or 104")
    let steps = try await failure(of: request(steps: 0), in: studio)
    #expect(steps.description == "KSampler (node 3): steps 0 is too small: the least is 1")
    let checkpoint = try await failure(of: request(checkpoint: "shape.ckpt"), in: studio)
    #expect(checkpoint.code == .unknownCheckpoint)
    #expect(
      checkpoint.description
        == "CheckpointLoaderSimple (node 4): the server \(studio.client.url) has no checkpoint \"shape.ckpt\": "
        + "did you mean \"shapes\"?")
  }

  @Test("A server that is not there is named")
  func unreachable() async throws {
    let client = try InferenceServerClient("grpc://127.0.0.1:9", configuration: .init(retry: .never))
    let error = await #expect(throws: InferenceError.self) { try await ModelCatalog.load(from: client) }
    #expect(error?.code == .unavailable)
    #expect(error.map { "\($0)" }?.contains("grpc://127.0.0.1:9") == true)
  }

  @Test("A place where no file can be: the path and the reason, after the work, and nothing left behind")
  func blockedOutput() async throws {
    let studio = try await Studio(output: "file/pictures")
    try Data([1]).write(to: studio.folder.appendingPathComponent("file"))
    let error = await #expect(throws: GraphError.self) { try await studio.runner.run(request()) }
    #expect(error?.code == .fileSystem)
    #expect(error?.nodeID == "9")
    #expect(error?.description.contains(studio.folder.appendingPathComponent("file/pictures").path) == true)
    #expect(try studio.filesLeft() == ["file"])
  }

  @Test("Cancelling in the middle of a run ends it at once, as a cancellation")
  func cancellation() async throws {
    let studio = try await Studio()
    let workflow = request(steps: 1000)
    let (started, starter) = AsyncStream.makeStream(of: Void.self)
    let task = Task {
      try await studio.runner.run(workflow) { event in
        if case .progress(_, 3, _, _) = event { starter.yield() }
      }
    }
    var iterator = started.makeAsyncIterator()
    await iterator.next()
    let clock = ContinuousClock()
    let cancelled = clock.now
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(clock.now - cancelled < .seconds(5))
    #expect(try studio.filesLeft() == [])
  }

  @Test("Every step is one request of two rows; a server that dies is named with the step, in time")
  func serverDies() async throws {
    try await LocalTritonServer.withServer(.init(modelRepository: TestServer.modelRepository)) { server in
      let limit = Duration.seconds(4)
      let studio = try await Studio(
        url: server.grpcURL, configuration: .init(timeout: limit), recovery: .never)
      _ = try await studio.runner.run(request(steps: 5))
      let statistics = try #require(try await studio.client.modelStatistics("shapes_unet").first)
      #expect(statistics.executionCount == 5)
      #expect(statistics.inferenceCount == 10)

      let clock = ContinuousClock()
      let died = EventLog()
      let start = clock.now
      let error = await #expect(throws: GraphError.self) {
        try await studio.runner.run(request(steps: 1000, prefix: "never")) { event in
          if case .progress(_, 7, _, _) = event {
            kill(server.processID, SIGKILL)
            died.add(event)
          }
        }
      }
      #expect(died.events.count == 1)
      #expect(clock.now - start < limit * 3)
      #expect(error?.code == .nodeFailed)
      #expect((8...20).contains(error?.step ?? 0))
      #expect(error?.totalSteps == 1000)
      let text = error?.description ?? ""
      #expect(text.hasPrefix("KSampler (node 3) failed at step "), "\(text)")
      #expect(text.contains(server.grpcURL), "\(text)")
      #expect(error?.underlyingError is InferenceError)
      #expect(try studio.filesLeft() == ["test_00001_.png"])
    }
  }
}
