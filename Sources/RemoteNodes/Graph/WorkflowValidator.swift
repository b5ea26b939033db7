// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// Checks a workflow from its output nodes upwards, and plans it where nothing is wrong.
///
/// All problems are collected, so that one run of the check tells everything.
struct WorkflowValidator {
  private let workflow: Workflow
  private let registry: NodeRegistry
  private let catalog: ModelCatalog
  private let nodes: [String: Workflow.Node]
  private var problems: [GraphProblem] = []
  private var steps: [ExecutionPlan.Step] = []
  /// Nodes of the same signature are the same step.
  private var stepOfSignature: [String: Int] = [:]
  private var stepOfNode: [String: Int] = [:]

  /// The plan of a workflow.
  ///
  /// - Throws: `GraphError` with every problem that was found.
  static func plan(
    _ workflow: Workflow, registry: NodeRegistry, catalog: ModelCatalog
  ) throws -> ExecutionPlan {
    var validator = WorkflowValidator(workflow: workflow, registry: registry, catalog: catalog)
    validator.check()
    if let error = GraphError(problems: validator.problems) { throw error }
    return ExecutionPlan(steps: validator.steps)
  }

  private init(workflow: Workflow, registry: NodeRegistry, catalog: ModelCatalog) {
    self.workflow = workflow
    self.registry = registry
    self.catalog = catalog
    nodes = Dictionary(workflow.nodes.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
  }

  private mutating func check() {
    for node in workflow.nodes where registry[node.classType] == nil {
      let near = nearMatches(to: node.classType, among: registry.classTypes)
      let hint =
        near.isEmpty
        ? "known are \(listed(registry.classTypes, conjunction: "and"))" : "did you mean \(listed(near))?"
      problems.append(
        GraphProblem(
          .unknownNode, nodeID: node.id, classType: node.classType,
          "this node class is not known here: \(hint)"))
    }
    let outputs = workflow.nodes.filter { registry[$0.classType]?.isOutputNode == true }
    if outputs.isEmpty, problems.isEmpty {
      let known = registry.classTypes.filter { registry[$0]?.isOutputNode == true }
      problems.append(
        GraphProblem(
          .invalidWorkflow,
          "the workflow has no output node: add \(listed(known)), so that there is something to run"))
    }
    for id in dependencyOrder(from: outputs.map(\.id)) {
      guard let node = nodes[id], let kind = registry[node.classType] else { continue }
      add(node, of: kind)
    }
  }

  /// The nodes that the given ones need, each after those it needs itself. Cycles become problems.
  private mutating func dependencyOrder(from roots: [String]) -> [String] {
    var order: [String] = []
    var finished: Set<String> = []
    for root in roots where !finished.contains(root) {
      // A stack of its own: a long chain of nodes must not use up the thread's.
      var path: [(id: String, sources: ArraySlice<String>)] = [(root, sources(of: root)[...])]
      var open: Set<String> = [root]
      while let (id, sources) = path.last {
        guard let next = sources.first else {
          finished.insert(id)
          open.remove(id)
          order.append(id)
          path.removeLast()
          continue
        }
        path[path.count - 1].sources = sources.dropFirst()
        if open.contains(next) {
          let cycle = path.map(\.id).drop { $0 != next } + [next]
          problems.append(
            GraphProblem(
              .invalidWorkflow,
              "the nodes \(cycle.joined(separator: " <- ")) form a cycle: cut one of the links"))
        } else if !finished.contains(next) {
          path.append((next, self.sources(of: next)[...]))
          open.insert(next)
        }
      }
    }
    return order
  }

  /// The nodes that a node's declared inputs are linked to.
  private func sources(of id: String) -> [String] {
    guard let node = nodes[id], let kind = registry[node.classType] else { return [] }
    return kind.inputs.compactMap { input in
      guard case .link(let source, _) = node.inputs[input.name], nodes[source] != nil else { return nil }
      return source
    }
  }

  /// Checks a node's inputs and adds its step. Inputs that its class does not declare are ignored.
  private mutating func add(_ node: Workflow.Node, of kind: any Node) {
    let problemsBefore = problems.count
    var literals: [String: GraphValue] = [:]
    var links: [String: ExecutionPlan.Source] = [:]
    var signature = [kind.classType]
    for input in kind.inputs {
      switch node.inputs[input.name] {
      case nil:
        if input.isRequired { report(missing: input, of: node, kind) }
        signature.append("-")
      case .value(let json):
        do throws(NodeInput.Refusal) {
          let value = try input.value(of: json)
          literals[input.name] = value
          signature.append("=\(value.content)")
        } catch {
          report(error.code, error.message, input: input, of: node)
        }
      case .link(let id, let slot):
        if let source = source(id: id, slot: slot, for: input, of: node) {
          links[input.name] = source
          signature.append("@\(source.step):\(source.slot)")
        }
      }
    }
    guard problems.count == problemsBefore else { return }
    do {
      try kind.validate(NodeArguments(literals), catalog: catalog)
    } catch {
      let problem = error as? GraphError
      report(problem?.code ?? .invalidInput, problem?.message ?? "\(error)", input: nil, of: node)
      return
    }
    // Links that lead to a refused node leave holes in a plan that is not used.
    guard links.count + literals.count == kind.inputs.count(where: { node.inputs[$0.name] != nil }) else {
      return
    }
    addStep(
      ExecutionPlan.Step(nodeID: node.id, node: kind, literals: literals, links: links), of: node.id,
      signature: signature.map { "\($0.utf8.count):\($0)" }.joined())
  }

  private mutating func addStep(_ step: ExecutionPlan.Step, of id: String, signature: String) {
    if let same = stepOfSignature[signature] {
      stepOfNode[id] = same
      return
    }
    stepOfSignature[signature] = steps.count
    stepOfNode[id] = steps.count
    steps.append(step)
  }

  /// The step that a link leads to; nil where it does not fit, or leads to a node that was refused itself.
  private mutating func source(
    id: String, slot: Int, for input: NodeInput, of node: Workflow.Node
  ) -> ExecutionPlan.Source? {
    guard let origin = nodes[id] else {
      report(
        .invalidWorkflow, "\(input.name) is linked to node \(id), which does not exist", input: input,
        of: node)
      return nil
    }
    guard let kind = registry[origin.classType] else { return nil }
    guard kind.outputs.indices.contains(slot) else {
      let count = kind.outputs.count
      report(
        .invalidWorkflow,
        "\(input.name) is linked to output \(slot) of \(origin.classType) (node \(id)), which has "
          + (count == 0 ? "none" : count == 1 ? "only output 0" : "only outputs 0 to \(count - 1)"),
        input: input, of: node)
      return nil
    }
    let type = kind.outputs[slot].type
    guard type == input.type || (input.type == .choice && type == .string) else {
      report(
        .invalidInput,
        "\(input.name) must be \(input.type), but output \(slot) of \(origin.classType) (node \(id)) is \(type)",
        input: input, of: node)
      return nil
    }
    return stepOfNode[id].map { ExecutionPlan.Source(step: $0, slot: slot) }
  }

  private mutating func report(missing input: NodeInput, of node: Workflow.Node, _ kind: any Node) {
    let declared = Set(kind.inputs.map(\.name))
    let unused = node.inputs.keys.filter { !declared.contains($0) }.sorted()
    let near = nearMatches(to: input.name, among: unused)
    let what = input.acceptsLiterals ? "is missing" : "is missing: link it to a node that gives \(input.type)"
    let hint = near.first.map { "; is \(quoted($0)) meant?" } ?? ""
    report(.invalidInput, "\(input.name) \(what)\(hint)", input: input, of: node)
  }

  private mutating func report(
    _ code: GraphError.Code, _ message: String, input: NodeInput?, of node: Workflow.Node
  ) {
    problems.append(
      GraphProblem(code, nodeID: node.id, classType: node.classType, input: input?.name, message))
  }
}
