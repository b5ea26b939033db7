// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import Testing
import TritonClient

@testable import RemoteNodes

@Suite("A node's own time, and how its failure is told")
struct NodeRunTests {
  private func runner(
    _ node: FakeNode, others: [FakeNode] = [], nodeTimeout: Duration? = nil,
    nodeTimeouts: [String: Duration] = [:]
  ) throws -> GraphRunner {
    GraphRunner(
      client: try InferenceServerClient("grpc://127.0.0.1:1"), catalog: TestCatalog.shapes,
      registry: NodeRegistry([node] + others), outputDirectory: FileManager.default.temporaryDirectory,
      tokenizers: TokenizerStore(folder: nil), nodeTimeout: nodeTimeout, nodeTimeouts: nodeTimeouts)
  }

  private func workflow(_ json: String = #"{"5": {"class_type": "Slow"}}"#) throws -> Workflow {
    try Workflow(json: Data(json.utf8))
  }

  /// Runs until it is cancelled.
  private func slow(_ before: @escaping @Sendable (NodeContext) -> Void = { _ in }) -> FakeNode {
    FakeNode("Slow", inputs: [], isOutputNode: true) { _, context in
      before(context)
      try await Task.sleep(for: .seconds(600))
      return []
    }
  }

  @Test("A node that takes longer than it may is cancelled and named")
  func timeout() async throws {
    let runner = try runner(slow(), nodeTimeout: .milliseconds(50))
    let error = await #expect(throws: GraphError.self) { try await runner.run(try workflow()) }
    #expect(error?.code == .nodeTimedOut)
    #expect(error?.nodeID == "5")
    #expect(
      error?.description
        == "Slow (node 5) ran out of time: it was not done within 0.05 seconds; allow the node more time")
  }

  @Test("The step it was at and what it waited for are told")
  func position() async throws {
    let node = slow { context in
      context.report(.waiting(nodeID: context.nodeID, reason: "an earlier outage"))
      context.report(.resumed(nodeID: context.nodeID, after: .seconds(1)))
      context.report(.progress(nodeID: context.nodeID, step: 7, totalSteps: 20, timePerStep: .zero))
      context.report(.waiting(nodeID: context.nodeID, reason: "nobody listens at grpc://a:1"))
    }
    let runner = try runner(node, nodeTimeout: .milliseconds(50))
    let error = await #expect(throws: GraphError.self) { try await runner.run(try workflow()) }
    #expect(error?.step == 8)
    #expect(error?.totalSteps == 20)
    #expect(
      error?.description
        == "Slow (node 5) ran out of time at step 8 of 20: it was not done within 0.05 seconds; "
        + "it was waiting for a server: nobody listens at grpc://a:1")
  }

  @Test("A class's own time goes first, and a quick node has nothing to fear of it")
  func classTimeouts() async throws {
    let patient = try runner(slow(), nodeTimeout: .seconds(600), nodeTimeouts: ["Slow": .milliseconds(50)])
    let error = await #expect(throws: GraphError.self) { try await patient.run(try workflow()) }
    #expect(error?.code == .nodeTimedOut)

    let quick = FakeNode("Slow", inputs: [], isOutputNode: true) { _, _ in
      try await Task.sleep(for: .milliseconds(20))
      return []
    }
    let strict = try runner(quick, nodeTimeout: .milliseconds(1), nodeTimeouts: ["Slow": .seconds(600)])
    #expect(try await strict.run(try workflow()).images == [])
  }

  @Test("Cancelling a run whose node has a time is a cancellation")
  func cancellation() async throws {
    let (started, starter) = AsyncStream.makeStream(of: Void.self)
    let runner = try runner(slow { _ in starter.yield() }, nodeTimeout: .seconds(600))
    let workflow = try workflow()
    let task = Task { try await runner.run(workflow) }
    var iterator = started.makeAsyncIterator()
    await iterator.next()
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test("A node that fails names the shapes of its inputs in their order, and nothing of plain values")
  func shapes() async throws {
    let latent = FakeNode("Latents", inputs: [], outputs: [.latent]) { _, _ in
      [GraphValue(.latent, Latent(batch: 1, channels: 4, height: 16, width: 16))]
    }
    let prompt = FakeNode("Prompt", inputs: [], outputs: [.conditioning]) { _, _ in
      let values = [Float](repeating: 0, count: 32 * 96)
      return [GraphValue(.conditioning, try Conditioning(tokenCount: 32, width: 96, values: values))]
    }
    let images = FakeNode("Images", inputs: [], outputs: [.image]) { _, _ in
      let values = [Float](repeating: 0, count: 2 * 8 * 16 * 3)
      return [GraphValue(.image, try ImageBatch(count: 2, height: 8, width: 16, values: values))]
    }
    let failing = FakeNode(
      "Failing",
      inputs: [
        .integer("steps", suggestion: 1, in: 1...9), .link("positive", .conditioning),
        .link("latent_image", .latent), .link("images", .image),
      ], isOutputNode: true
    ) { _, _ in throw GraphRunnerTests.Broken() }
    let runner = try runner(failing, others: [latent, prompt, images])
    let error = await #expect(throws: GraphError.self) {
      try await runner.run(
        try workflow(
          """
          {"1": {"class_type": "Latents"}, "2": {"class_type": "Prompt"}, "3": {"class_type": "Images"},
           "4": {"class_type": "Failing", "inputs": {"steps": 3, "latent_image": ["1", 0],
             "positive": ["2", 0], "images": ["3", 0]}}}
          """))
    }
    #expect(
      error?.inputs == [
        ShapedInput(name: "positive", shape: [1, 32, 96]),
        ShapedInput(name: "latent_image", shape: [1, 4, 16, 16]),
        ShapedInput(name: "images", shape: [2, 8, 16, 3]),
      ])
    #expect(
      error?.description
        == "Failing (node 4) failed, given positive [1, 32, 96], latent_image [1, 4, 16, 16], "
        + "images [2, 8, 16, 3]: the line is dead")
  }
}
