// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import RemoteNodes

/// A node that does what a test says.
struct FakeNode: Node {
  let classType: String
  let inputs: [NodeInput]
  let outputs: [NodeOutput]
  let isOutputNode: Bool
  private let body: @Sendable (NodeArguments, NodeContext) async throws -> [GraphValue]

  init(
    _ classType: String, inputs: [NodeInput], outputs: [ValueType] = [], isOutputNode: Bool = false,
    body: @escaping @Sendable (NodeArguments, NodeContext) async throws -> [GraphValue] = { _, _ in [] }
  ) {
    self.classType = classType
    self.inputs = inputs
    self.outputs = outputs.map { NodeOutput($0) }
    self.isOutputNode = isOutputNode
    self.body = body
  }

  func run(_ arguments: NodeArguments, in context: NodeContext) async throws -> [GraphValue] {
    try await body(arguments, context)
  }
}
