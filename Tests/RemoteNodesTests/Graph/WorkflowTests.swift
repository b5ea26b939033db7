// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import Testing

@testable import RemoteNodes

@Suite("Workflows")
struct WorkflowTests {
  private func workflow(_ text: String) throws -> Workflow {
    try Workflow(json: Data(text.utf8))
  }

  @Test("Nodes, values and links are read")
  func nodes() throws {
    let workflow = try workflow(
      """
      {"12:7": {"class_type": "KSampler", "inputs": {"seed": 18446744073709551615, "model": ["4", 0],
        "pair": ["4", "0"], "wrapped": {"__value__": ["4", 0]}}, "_meta": {"title": "x"}},
       "4": {"class_type": "Loader"}}
      """)
    #expect(workflow.nodes.map(\.id) == ["12:7", "4"])
    #expect(workflow.nodes.map(\.classType) == ["KSampler", "Loader"])
    let inputs = workflow.nodes[0].inputs
    #expect(inputs["seed"] == .value(.number("18446744073709551615")))
    #expect(inputs["model"] == .link(nodeID: "4", slot: 0))
    #expect(inputs["pair"] == .value(.array([.string("4"), .string("0")])))
    #expect(inputs["wrapped"] == .value(.array([.string("4"), .number("0")])))
    #expect(workflow.nodes[1].inputs.isEmpty)
  }

  @Test("The body of a request is taken too")
  func requestBody() throws {
    let workflow = try workflow(#"{"client_id": "x", "prompt": {"1": {"class_type": "A", "inputs": {}}}}"#)
    #expect(workflow.nodes.map(\.id) == ["1"])
    #expect(workflow.text == #"{"1": {"class_type": "A", "inputs": {}}}"#)
  }

  @Test("What is written back is what was read")
  func writing() throws {
    let text = #"{"9": {"class_type": "A", "inputs": {"cfg": 8.0, "b": [1, 2]}, "_meta": {"title": "é"}}}"#
    #expect(
      String(decoding: try workflow(text).json(), as: UTF8.self) == text.replacing("é", with: #"\u00e9"#))
  }

  @Test(
    "What is no workflow is refused with the reason",
    arguments: [
      ("[1]", "a workflow is an object of nodes, not a list"),
      ("{}", "the workflow has no nodes"),
      ("{", "the workflow is not valid JSON: line 1, column 2: expected a member's name in quotes"),
      (#"{"1": {"inputs": {}}}"#, "node 1 has no \"class_type\": every node of a workflow names its class"),
      (#"{"1": 5}"#, "node 1 has no \"class_type\": every node of a workflow names its class"),
      (#"{"1": {"class_type": "A", "inputs": 3}}"#, "the \"inputs\" of node 1 are a number, not an object"),
      (
        #"{"nodes": [], "links": []}"#,
        "this is a workflow in the editor's own format: save it in ComfyUI with \"Export (API)\" instead"
      ),
    ])
  func refused(text: String, message: String) {
    let error = #expect(throws: GraphError.self) { try workflow(text) }
    #expect(error?.code == .invalidWorkflow)
    #expect(error?.description == message)
  }

  @Test("The graph for one prompt is read back as it was made")
  func textToImage() throws {
    let made = Workflow.textToImage(
      .init(
        prompt: "a \"red\" circle", checkpoint: "shapes", seed: .max, width: 128, height: 64, batchSize: 2))
    let read = try Workflow(json: made.json())
    #expect(read == made)
    #expect(made.nodes.count == 7)
    let sampler = try #require(made.nodes.first { $0.classType == "KSampler" })
    #expect(sampler.inputs["seed"] == .value(.number("18446744073709551615")))
    #expect(sampler.inputs["latent_image"] == .link(nodeID: "5", slot: 0))
  }
}
