// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

public import Foundation
public import TritonClient

/// A kind of node that a workflow can contain.
///
/// A node keeps no state: the same value runs for every node of its class.
public protocol Node: Sendable {
  /// The name that a workflow's `class_type` has, ComfyUI's where there is one.
  var classType: String { get }
  /// What it takes.
  var inputs: [NodeInput] { get }
  /// What it gives, by slot.
  var outputs: [NodeOutput] { get }
  /// Whether it is run for its effect: a workflow runs what its output nodes need.
  var isOutputNode: Bool { get }

  /// Checks what needs the server's catalog, before anything runs.
  ///
  /// - Parameters:
  ///   - arguments: the inputs that are plain values, already checked for type and range. Links are not there
  ///     yet.
  ///   - catalog: what the server has.
  /// - Throws: `GraphError` that says what is wrong.
  func validate(_ arguments: NodeArguments, catalog: ModelCatalog) throws

  /// Does the node's work.
  ///
  /// - Returns: one value for each of `outputs`.
  func run(_ arguments: NodeArguments, in context: NodeContext) async throws -> [GraphValue]
}

extension Node {
  /// Not an output node.
  public var isOutputNode: Bool { false }

  /// Nothing to check.
  public func validate(_ arguments: NodeArguments, catalog: ModelCatalog) throws {}
}

/// An output slot of a node.
public struct NodeOutput: Sendable, Hashable {
  /// The name it is shown with.
  public let name: String
  /// What it gives.
  public let type: ValueType

  /// An output of that type; it is named after it where no name is given.
  public init(_ type: ValueType, name: String? = nil) {
    self.name = name ?? type.name
    self.type = type
  }
}

/// The values of a node's inputs, checked against its declaration.
public struct NodeArguments: Sendable {
  private let values: [String: GraphValue]

  /// Arguments by input name; the runner makes them, and tests of nodes may.
  public init(_ values: [String: GraphValue]) {
    self.values = values
  }

  /// The value of an input as a Swift type.
  ///
  /// - Throws: `GraphError` (`.invalidInput`) where the input has no such value.
  public func value<Content: Sendable>(_ name: String, as type: Content.Type = Content.self) throws -> Content
  {
    guard let content = values[name]?.content as? Content else {
      let given = values[name].map { "it is \($0.type)" } ?? "it is missing"
      throw GraphError(.invalidInput, "the input \(name) should be a \(Content.self): \(given)")
    }
    return content
  }

  /// The value of a whole-number input.
  public func integer(_ name: String) throws -> Int {
    Int(clamping: try value(name, as: Int128.self))
  }

  /// The value of a seed input, 0 … 2^64 − 1.
  public func seed(_ name: String) throws -> UInt64 {
    UInt64(clamping: try value(name, as: Int128.self))
  }

  /// The value of a number input.
  public func number(_ name: String) throws -> Double {
    try value(name)
  }

  /// The value of a text or choice input.
  public func string(_ name: String) throws -> String {
    try value(name)
  }
}

/// What a running node may use.
public struct NodeContext: Sendable {
  /// The server.
  public let client: InferenceServerClient
  /// What the server has.
  public let catalog: ModelCatalog
  /// Where tokenizers are kept.
  public let tokenizers: TokenizerStore
  /// Where pictures go.
  public let outputDirectory: URL
  /// The workflow that runs, to be written into pictures.
  public let workflow: Workflow
  /// How long calls wait for a server that is away.
  public let recovery: RecoveryPolicy
  /// The node's name in the workflow.
  public let nodeID: String
  /// Tells what happens.
  public let report: @Sendable (GraphEvent) -> Void
  /// How long the node has waited for servers in outages that are over.
  let waitedTime: @Sendable () -> Duration
}
