// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import Testing

@testable import RemoteNodes

@Suite("Workflows are checked before anything runs")
struct WorkflowValidatorTests {
  private let fine = Workflow.textToImage(
    .init(prompt: "a red circle", checkpoint: "shapes", width: 128, height: 128))

  private func refusal(
    in workflow: Workflow, registry: NodeRegistry = .standard, catalog: ModelCatalog = TestCatalog.shapes
  ) -> GraphError? {
    #expect(throws: GraphError.self) {
      try WorkflowValidator.plan(workflow, registry: registry, catalog: catalog)
    }
  }

  /// The one-prompt workflow with one text replaced by another.
  private func refusal(replacing old: String, with new: String) throws -> GraphError? {
    let text = fine.text.replacing(old, with: new)
    try #require(text != fine.text, "nothing to replace")
    return refusal(in: try Workflow(json: Data(text.utf8)))
  }

  @Test("A right workflow is planned in dependency order")
  func plan() throws {
    let plan = try WorkflowValidator.plan(fine, registry: .standard, catalog: TestCatalog.shapes)
    #expect(plan.steps.map(\.nodeID) == ["4", "6", "7", "5", "3", "8", "9"])
    #expect(plan.readers == [4, 1, 1, 1, 1, 1, 0])
    #expect(plan.steps[5].links["samples"] == .init(step: 4, slot: 0))
    #expect(plan.steps[5].links["vae"] == .init(step: 0, slot: 2))
  }

  @Test(
    "One wrong value is told in one line, with what to use instead",
    arguments: [
      (
        "\"width\": 128", "\"width\": 100", GraphError.Code.invalidInput,
        "EmptyLatentImage (node 5): width 100 is not a multiple of 8: use 96 or 104"
      ),
      (
        "\"steps\": 20", "\"steps\": 0", .invalidInput,
        "KSampler (node 3): steps 0 is too small: the least is 1"
      ),
      (
        "\"steps\": 20", "\"steps\": 10001", .invalidInput,
        "KSampler (node 3): steps 10001 is too large: the most is 10000"
      ),
      (
        "\"steps\": 20", "\"steps\": \"many\"", .invalidInput,
        "KSampler (node 3): steps must be a whole number, not \"many\""
      ),
      (
        "\"steps\": 20", "\"setps\": 20", .invalidInput,
        "KSampler (node 3): steps is missing; is \"setps\" meant?"
      ),
      (
        "\"width\": 128", "\"width\": 8", .invalidInput,
        "EmptyLatentImage (node 5): width 8 is too small: the least is 16"
      ),
      (
        "\"width\": 128", "\"width\": 17", .invalidInput,
        "EmptyLatentImage (node 5): width 17 is not a multiple of 8: use 16 or 24"
      ),
      (
        "\"batch_size\": 1", "\"batch_size\": []", .invalidInput,
        "EmptyLatentImage (node 5): batch_size must be a whole number, not a list"
      ),
      (
        "\"cfg\": 8.0", "\"cfg\": -1", .invalidInput,
        "KSampler (node 3): cfg -1.0 is too small: the least is 0.0"
      ),
      (
        "\"seed\": 0", "\"seed\": 18446744073709551616", .invalidInput,
        "KSampler (node 3): seed 18446744073709551616 is too large: the most is 18446744073709551615"
      ),
      (
        "\"sampler_name\": \"euler\"", "\"sampler_name\": \"dpm++\"", .unknownSampler,
        "KSampler (node 3): sampler_name \"dpm++\" is unknown: use euler"
      ),
      (
        "\"scheduler\": \"normal\"", "\"scheduler\": \"karras \"", .unknownScheduler,
        "KSampler (node 3): scheduler \"karras \" is unknown: use simple, karras or normal"
      ),
      (
        "\"ckpt_name\": \"shapes\"", "\"ckpt_name\": \"shape.ckpt\"", .unknownCheckpoint,
        "CheckpointLoaderSimple (node 4): the server grpc://test:8001 has no checkpoint \"shape.ckpt\": "
          + "did you mean \"shapes\"?"
      ),
      (
        "\"VAEDecode\"", "\"VaeDecod\"", .unknownNode,
        "VaeDecod (node 8): this node class is not known here: did you mean VAEDecode?"
      ),
      (
        "\"samples\": [\"3\", 0]", "\"samples\": [\"3\", 1]", .invalidWorkflow,
        "VAEDecode (node 8): samples is linked to output 1 of KSampler (node 3), which has only output 0"
      ),
      (
        "\"samples\": [\"3\", 0]", "\"samples\": [\"33\", 0]", .invalidWorkflow,
        "VAEDecode (node 8): samples is linked to node 33, which does not exist"
      ),
      (
        "\"vae\": [\"4\", 2]", "\"vae\": [\"4\", 1]", .invalidInput,
        "VAEDecode (node 8): vae must be VAE, but output 1 of CheckpointLoaderSimple (node 4) is CLIP"
      ),
      (
        "\"vae\": [\"4\", 2]", "\"vae\": \"4\"", .invalidInput,
        "VAEDecode (node 8): vae must be linked to a node that gives VAE, not be \"4\""
      ),
      (
        "\"vae\": [\"4\", 2]", "\"other\": 1", .invalidInput,
        "VAEDecode (node 8): vae is missing: link it to a node that gives VAE"
      ),
      (
        "\"samples\": [\"3\", 0]", "\"samples\": [\"8\", 0]", .invalidWorkflow,
        "the nodes 8 <- 8 form a cycle: cut one of the links"
      ),
      (
        "\"filename_prefix\": \"ComfyUI\"", "\"filename_prefix\": \"../x\"", .invalidInput,
        "SaveImage (node 9): filename_prefix \"../x\" leads out of the output folder: use a name, or folders below it"
      ),
    ])
  func oneProblem(old: String, new: String, code: GraphError.Code, message: String) throws {
    let error = try #require(try refusal(replacing: old, with: new))
    // A link that leads nowhere right may be told twice, in the words of both checks; the first is the cause.
    #expect(error.problems.first.map { "\($0)" } == message)
    #expect(error.problems.first?.code == code)
    if error.problems.count == 1 {
      #expect(error.code == code)
      #expect(error.description == message)
    }
  }

  @Test("More pixels than fit into memory are refused")
  func tooManyPixels() throws {
    let huge = Workflow.textToImage(
      .init(prompt: "", checkpoint: "shapes", width: 16384, height: 8192, batchSize: 4096))
    #expect(
      refusal(in: huge)?.description
        == "EmptyLatentImage (node 5): 4096 times 16384x8192 is too much at once: use a smaller size, or a "
        + "batch_size of at most 4")
  }

  @Test("Several problems are told at once, one line each")
  func severalProblems() throws {
    let text = fine.text.replacing("\"width\": 128", with: "\"width\": 100")
      .replacing("\"steps\": 20", with: "\"steps\": 0")
      .replacing("\"euler\"", with: "\"oiler\"")
    let error = try #require(refusal(in: try Workflow(json: Data(text.utf8))))
    #expect(error.code == .invalidWorkflow)
    #expect(
      error.description == """
        the workflow has 3 problems:
          EmptyLatentImage (node 5): width 100 is not a multiple of 8: use 96 or 104
          KSampler (node 3): steps 0 is too small: the least is 1
          KSampler (node 3): sampler_name "oiler" is unknown: use euler
        """)
  }

  @Test("A cycle of several nodes is told with its nodes")
  func cycle() throws {
    var registry = NodeRegistry([])
    registry.register(FakeNode("Pass", inputs: [.link("in", .latent)], outputs: [.latent]))
    registry.register(FakeNode("End", inputs: [.link("in", .latent)], isOutputNode: true))
    let workflow = try Workflow(
      json: Data(
        """
        {"1": {"class_type": "End", "inputs": {"in": ["2", 0]}},
         "2": {"class_type": "Pass", "inputs": {"in": ["3", 0]}},
         "3": {"class_type": "Pass", "inputs": {"in": ["2", 0]}}}
        """.utf8))
    let error = try #require(refusal(in: workflow, registry: registry))
    #expect(error.description == "the nodes 2 <- 3 <- 2 form a cycle: cut one of the links")
  }

  @Test("A chain of ten thousand nodes is planned")
  func longChain() throws {
    var registry = NodeRegistry([])
    registry.register(FakeNode("Start", inputs: [], outputs: [.latent]))
    registry.register(FakeNode("Pass", inputs: [.link("in", .latent)], outputs: [.latent]))
    registry.register(FakeNode("End", inputs: [.link("in", .latent)], isOutputNode: true))
    let count = 10_000
    let middle = (1..<count).map { #""\#($0)": {"class_type": "Pass", "inputs": {"in": ["\#($0 - 1)", 0]}}"# }
    let text =
      #"{"end": {"class_type": "End", "inputs": {"in": ["\#(count - 1)", 0]}}, "0": {"class_type": "Start"}, "#
      + middle.joined(separator: ", ") + "}"
    let plan = try WorkflowValidator.plan(
      try Workflow(json: Data(text.utf8)), registry: registry, catalog: TestCatalog.shapes)
    #expect(plan.steps.count == count + 1)
    #expect(plan.steps.first?.nodeID == "0")
  }

  @Test("Without an output node there is nothing to run")
  func noOutput() throws {
    let workflow = try Workflow(
      json: Data(#"{"5": {"class_type": "EmptyLatentImage", "inputs": {"width": 64}}}"#.utf8))
    let error = try #require(refusal(in: workflow))
    #expect(
      error.description
        == "the workflow has no output node: add SaveImage, so that there is something to run")
  }

  @Test("Nodes that no output needs are neither checked nor run")
  func unusedNodes() throws {
    let text = fine.text.dropLast() + #", "99": {"class_type": "EmptyLatentImage", "inputs": {"width": 1}}}"#
    let plan = try WorkflowValidator.plan(
      try Workflow(json: Data(text.utf8)), registry: .standard, catalog: TestCatalog.shapes)
    #expect(plan.steps.count == 7)
  }

  @Test("Numbers may be spelled as texts and the other way round, as ComfyUI takes them")
  func conversions() throws {
    let text = fine.text.replacing("\"steps\": 20", with: "\"steps\": \"7\"")
      .replacing("\"width\": 128", with: "\"width\": 128.9")
      .replacing("\"cfg\": 8.0", with: "\"cfg\": \"1e1\"")
      .replacing("\"text\": \"a red circle\"", with: "\"text\": 12")
    let plan = try WorkflowValidator.plan(
      try Workflow(json: Data(text.utf8)), registry: .standard, catalog: TestCatalog.shapes)
    let literals = Dictionary(
      uniqueKeysWithValues: plan.steps.map { ($0.nodeID, NodeArguments($0.literals)) })
    #expect(try literals["3"]?.integer("steps") == 7)
    #expect(try literals["3"]?.number("cfg") == 10)
    #expect(try literals["5"]?.integer("width") == 128)
    #expect(try literals["6"]?.string("text") == "12")
  }

  @Test("Nodes of the same class and inputs are one step, whatever their names")
  func identicalNodes() throws {
    let workflow = Workflow.textToImage(.init(prompt: "same", checkpoint: "shapes", negative: "same"))
    let plan = try WorkflowValidator.plan(workflow, registry: .standard, catalog: TestCatalog.shapes)
    #expect(plan.steps.map(\.nodeID) == ["4", "6", "5", "3", "8", "9"])
    #expect(plan.steps[3].links["positive"] == plan.steps[3].links["negative"])
  }
}
