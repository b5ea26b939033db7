// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import Testing
import TritonClient

@testable import RemoteNodes

@Suite("Running graphs")
struct GraphRunnerTests {
  struct Broken: Error, CustomStringConvertible {
    var description: String { "the line is dead" }
  }

  private let log = Recorder<String>()

  /// Numbers come in, are added, and go out; every run is logged.
  private func runner(failing: (any Error)? = nil) throws -> GraphRunner {
    let log = log
    let number = FakeNode(
      "Number", inputs: [.integer("value", suggestion: 0, in: -100...100)], outputs: [.integer]
    ) {
      arguments, context in
      log.add("Number \(context.nodeID)")
      return [GraphValue(.integer, try arguments.value("value", as: Int128.self))]
    }
    let sum = FakeNode("Sum", inputs: [.link("a", .integer), .link("b", .integer)], outputs: [.integer]) {
      arguments, context in
      log.add("Sum \(context.nodeID)")
      return [
        GraphValue(
          .integer, try arguments.value("a", as: Int128.self) + arguments.value("b", as: Int128.self))
      ]
    }
    let show = FakeNode("Show", inputs: [.link("value", .integer)], isOutputNode: true) {
      arguments, context in
      if let failing { throw failing }
      log.add("Show \(context.nodeID) = \(try arguments.integer("value"))")
      return []
    }
    return GraphRunner(
      client: try InferenceServerClient("grpc://127.0.0.1:1"), catalog: TestCatalog.shapes,
      registry: NodeRegistry([number, sum, show]), outputDirectory: FileManager.default.temporaryDirectory,
      tokenizers: TokenizerStore(folder: nil))
  }

  private func workflow() throws -> Workflow {
    try Workflow(
      json: Data(
        """
        {"9": {"class_type": "Show", "inputs": {"value": ["5", 0]}},
         "5": {"class_type": "Sum", "inputs": {"a": ["1", 0], "b": ["2", 0]}},
         "1": {"class_type": "Number", "inputs": {"value": 20}},
         "2": {"class_type": "Number", "inputs": {"value": 22}},
         "3": {"class_type": "Number", "inputs": {"value": 22}},
         "4": {"class_type": "Number", "inputs": {"value": 1}},
         "8": {"class_type": "Show", "inputs": {"value": ["3", 0]}}}
        """.utf8))
  }

  @Test("Only what the output nodes need runs, once, after what it needs")
  func order() async throws {
    let events = Recorder<String>()
    let result = try await runner().run(try workflow()) { event in
      switch event {
      case .nodeStarted(let id, let classType): events.add("start \(id) \(classType)")
      case .nodeFinished(let id, let duration): events.add("end \(id) \(duration >= .zero)")
      default: events.add("\(event)")
      }
    }
    #expect(result.images.isEmpty)
    #expect(log.values == ["Number 1", "Number 2", "Sum 5", "Show 9 = 42", "Show 8 = 22"])
    #expect(Array(events.values.prefix(3)) == ["start 1 Number", "end 1 true", "start 2 Number"])
    #expect(events.values.count == 10)
  }

  @Test("A failure names its node")
  func failure() async throws {
    let error = await #expect(throws: GraphError.self) {
      try await runner(failing: Broken()).run(try workflow())
    }
    #expect(error?.code == .nodeFailed)
    #expect(error?.nodeID == "9")
    #expect(error?.description == "Show (node 9) failed: the line is dead")
    #expect(error?.underlyingError is Broken)
  }

  @Test("A failing sampling step is told with step, cause and server")
  func stepFailure() async throws {
    let cause = InferenceError(
      code: .unavailable, message: "the connection was lost", model: "unet", endpoint: "grpc://host:8001")
    let sampling = FakeNode("Sample", inputs: [], isOutputNode: true) { _, _ in
      _ = try await Sampler.euler.sample([1], sigmas: [3, 2, 1, 0]) { x, sigma in
        if sigma == 2 { throw cause }
        return x
      }
      return []
    }
    var runner = try runner()
    runner = GraphRunner(
      client: runner.client, catalog: runner.catalog, registry: NodeRegistry([sampling]),
      outputDirectory: runner.outputDirectory, tokenizers: runner.tokenizers)
    let error = await #expect(throws: GraphError.self) {
      try await runner.run(try Workflow(json: Data(#"{"5": {"class_type": "Sample"}}"#.utf8)))
    }
    #expect(
      error?.description
        == "Sample (node 5) failed at step 2 of 3: the connection was lost (model \"unet\", server grpc://host:8001)"
    )
    #expect(error?.step == 2)
    #expect(error?.totalSteps == 3)
    #expect((error?.underlyingError as? InferenceError)?.code == .unavailable)
  }

  @Test("A node's own error keeps its kind and gets the node's name")
  func graphError() async throws {
    let error = await #expect(throws: GraphError.self) {
      try await runner(failing: GraphError(.fileSystem, "/x cannot be written: No space left on device"))
        .run(try workflow())
    }
    #expect(error?.code == .fileSystem)
    #expect(error?.description == "Show (node 9): /x cannot be written: No space left on device")
  }

  @Test("A node that does not give what it declares is an error, not a crash")
  func wrongOutputs() async throws {
    let liar = FakeNode("Liar", inputs: [], outputs: [.latent], isOutputNode: true)
    let base = try runner()
    let runner = GraphRunner(
      client: base.client, catalog: base.catalog, registry: NodeRegistry([liar]),
      outputDirectory: base.outputDirectory, tokenizers: base.tokenizers)
    let error = await #expect(throws: GraphError.self) {
      try await runner.run(try Workflow(json: Data(#"{"1": {"class_type": "Liar"}}"#.utf8)))
    }
    #expect(error?.nodeID == "1")
  }

  @Test("Cancelling stops between nodes")
  func cancellation() async throws {
    let runner = try runner()
    let workflow = try workflow()
    let task = Task {
      try await runner.run(workflow) { event in
        if case .nodeFinished("2", _) = event { withUnsafeCurrentTask { $0?.cancel() } }
      }
    }
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(log.values == ["Number 1", "Number 2"])
  }
}
