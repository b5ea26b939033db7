// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// What has to run for a workflow's output nodes, in which order.
struct ExecutionPlan: Sendable {
  /// A node that runs. Nodes of the same class and inputs are one step.
  struct Step: Sendable {
    /// The first such node of the workflow.
    var nodeID: String
    var node: any Node
    /// Plain values by input.
    var literals: [String: GraphValue]
    /// Which earlier step, and which of its slots, fills an input.
    var links: [String: Source]
  }

  /// An output of an earlier step.
  struct Source: Sendable, Hashable {
    var step: Int
    var slot: Int
  }

  /// Every step comes after those it needs.
  let steps: [Step]
  /// How many links read each step's outputs; they can be dropped after as many.
  let readers: [Int]

  init(steps: [Step]) {
    self.steps = steps
    var readers = [Int](repeating: 0, count: steps.count)
    for source in steps.flatMap(\.links.values) { readers[source.step] += 1 }
    self.readers = readers
  }
}
