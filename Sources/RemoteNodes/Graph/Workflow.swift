// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

public import Foundation

/// A graph of nodes as ComfyUI's "Export (API)" writes it.
///
/// ```json
/// {"4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "shapes"}},
///  "6": {"class_type": "CLIPTextEncode", "inputs": {"text": "a red circle", "clip": ["4", 1]}}}
/// ```
public struct Workflow: Sendable, Hashable {
  /// What fills an input.
  public enum Input: Sendable, Hashable {
    /// A plain value.
    case value(JSONValue)
    /// An output of another node, by its slot.
    case link(nodeID: String, slot: Int)
  }

  /// A node.
  public struct Node: Sendable, Hashable {
    /// Its name, unique in the workflow.
    public let id: String
    /// The class it is of.
    public let classType: String
    /// Its inputs by name.
    public let inputs: [String: Input]
  }

  /// The nodes in the order of the file.
  public let nodes: [Node]
  private let source: JSONValue

  /// Reads a workflow; also the body of a ComfyUI request, which has it under "prompt".
  ///
  /// - Parameter json: UTF-8.
  /// - Throws: `GraphError` (`.invalidWorkflow`) that says where it is not one.
  public init(json: Data) throws {
    let value: JSONValue
    do {
      value = try JSONParser.parse(Array(json))
    } catch {
      throw GraphError(.invalidWorkflow, "the workflow is not valid JSON: \(error)")
    }
    try self.init(value)
  }

  init(_ value: JSONValue) throws {
    let graph = value["prompt"].flatMap { $0["class_type"] == nil ? $0 : nil } ?? value
    guard case .object(let members) = graph else {
      throw GraphError(.invalidWorkflow, "a workflow is an object of nodes, not \(graph.kind)")
    }
    if case .array = graph["nodes"] {
      throw GraphError(
        .invalidWorkflow,
        "this is a workflow in the editor's own format: save it in ComfyUI with \"Export (API)\" instead")
    }
    guard !members.isEmpty else { throw GraphError(.invalidWorkflow, "the workflow has no nodes") }
    nodes = try members.map { try Self.node(id: $0.name, $0.value) }
    source = graph
  }

  /// A workflow of nodes that are well formed by construction.
  init(trusted members: [JSONValue.Member]) {
    nodes = members.compactMap { try? Self.node(id: $0.name, $0.value) }
    source = .object(members)
  }

  /// The workflow as JSON, as it was read: the order and spelling of everything stay.
  public func json() -> Data {
    Data(text.utf8)
  }

  /// The workflow as ASCII JSON, for a picture's metadata.
  var text: String { source.text }

  private static func node(id: String, _ value: JSONValue) throws -> Node {
    guard case .string(let classType) = value["class_type"] else {
      throw GraphError(
        .invalidWorkflow, "node \(id) has no \"class_type\": every node of a workflow names its class")
    }
    var inputs: [String: Input] = [:]
    switch value["inputs"] {
    case nil, .null: break
    case .object(let members):
      for member in members { inputs[member.name] = input(member.value) }
    case let other?:
      throw GraphError(.invalidWorkflow, "the \"inputs\" of node \(id) are \(other.kind), not an object")
    }
    return Node(id: id, classType: classType, inputs: inputs)
  }

  /// A list of a text and a number is a link; a list that is meant as a value comes wrapped.
  private static func input(_ value: JSONValue) -> Input {
    if case .array(let parts) = value, parts.count == 2, case .string(let id) = parts[0],
      case .number(let spelling) = parts[1], let slot = Int(spelling)
    {
      return .link(nodeID: id, slot: slot)
    }
    return .value(value["__value__"] ?? value)
  }
}
