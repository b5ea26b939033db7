// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

public import Foundation
import Synchronization
public import TritonClient

/// Runs workflows whose models live on a server.
///
/// A workflow is checked as a whole before anything runs. Then the nodes that its output nodes need run one
/// after the other, each once; nodes of the same class and inputs share one run.
public struct GraphRunner: Sendable {
  /// The server.
  public let client: InferenceServerClient
  /// What the server has.
  public let catalog: ModelCatalog
  /// The node classes that workflows may use.
  public let registry: NodeRegistry
  /// Where pictures go; made when it is needed.
  public let outputDirectory: URL
  /// Where tokenizers are kept.
  public let tokenizers: TokenizerStore
  /// How long a node waits for a server that is away.
  public let recovery: RecoveryPolicy
  /// Longest time for one node, its waits for servers included; nil for no limit but the calls' own.
  public let nodeTimeout: Duration?
  /// Longest times for the nodes of some classes, by `class_type`, in place of `nodeTimeout`.
  public let nodeTimeouts: [String: Duration]

  /// A runner.
  ///
  /// - Parameters:
  ///   - client: the server.
  ///   - catalog: what it has, from `ModelCatalog.load(from:)`.
  ///   - registry: the node classes that workflows may use.
  ///   - outputDirectory: where pictures go; made when it is needed.
  ///   - tokenizers: where tokenizers are kept.
  ///   - recovery: how long a node waits for a server that is away; 60 seconds for each outage unless set.
  ///   - nodeTimeout: longest time for one node, its waits included; nil for no limit but the calls' own.
  ///   - nodeTimeouts: longest times for the nodes of some classes, by `class_type`.
  public init(
    client: InferenceServerClient, catalog: ModelCatalog, registry: NodeRegistry = .standard,
    outputDirectory: URL, tokenizers: TokenizerStore = .standard,
    recovery: RecoveryPolicy = .defaults, nodeTimeout: Duration? = nil,
    nodeTimeouts: [String: Duration] = [:]
  ) {
    self.client = client
    self.catalog = catalog
    self.registry = registry
    self.outputDirectory = outputDirectory
    self.tokenizers = tokenizers
    self.recovery = recovery
    self.nodeTimeout = nodeTimeout
    self.nodeTimeouts = nodeTimeouts
  }

  /// Checks a workflow without running it.
  ///
  /// - Throws: `GraphError` with every problem that was found.
  public func validate(_ workflow: Workflow) throws {
    _ = try WorkflowValidator.plan(workflow, registry: registry, catalog: catalog)
  }

  /// Runs a workflow.
  ///
  /// Cancelling the task cancels the call that is under way, or the wait for a server. A node that loses its
  /// server waits for it, and then goes on where it was: see `RecoveryPolicy`.
  ///
  /// - Parameters:
  ///   - workflow: what to run.
  ///   - onEvent: told what happens, from the running task.
  /// - Returns: the pictures that were written.
  /// - Throws: `GraphError`: with every problem of the workflow before anything runs, later with the node,
  ///   the shapes of its inputs and the step that failed; `CancellationError`.
  public func run(
    _ workflow: Workflow, onEvent: (@Sendable (GraphEvent) -> Void)? = nil
  ) async throws -> GraphResult {
    let plan = try WorkflowValidator.plan(workflow, registry: registry, catalog: catalog)
    let images = Mutex<[SavedImage]>([])
    let report: @Sendable (GraphEvent) -> Void = { event in
      if case .imageSaved(let image) = event { images.withLock { $0.append(image) } }
      onEvent?(event)
    }
    var results: [Int: [GraphValue]] = [:]
    var unread = plan.readers
    for (index, step) in plan.steps.enumerated() {
      try Task.checkCancellation()
      var arguments = step.literals
      for (name, source) in step.links {
        arguments[name] = results[source.step]?[source.slot]
        unread[source.step] -= 1
        // Pictures and latents can be large: nothing is kept longer than someone needs it.
        if unread[source.step] == 0 { results[source.step] = nil }
      }
      let outputs = try await run(
        step, arguments: NodeArguments(arguments), workflow: workflow, report: report)
      if unread[index] > 0 { results[index] = outputs }
    }
    return GraphResult(images: images.withLock { $0 })
  }

  private func run(
    _ step: ExecutionPlan.Step, arguments: NodeArguments, workflow: Workflow,
    report: @escaping @Sendable (GraphEvent) -> Void
  ) async throws -> [GraphValue] {
    let classType = step.node.classType
    let run = NodeRun(step, arguments: arguments, timeout: nodeTimeouts[classType] ?? nodeTimeout)
    let context = NodeContext(
      client: client, catalog: catalog, tokenizers: tokenizers, outputDirectory: outputDirectory,
      workflow: workflow, recovery: recovery, nodeID: step.nodeID,
      report: { event in
        run.note(event)
        report(event)
      },
      waitedTime: { run.waitedTime })
    let clock = ContinuousClock()
    let started = clock.now
    report(.nodeStarted(nodeID: step.nodeID, classType: classType))
    let outputs = try await run.outputs(in: context)
    guard outputs.map(\.type) == step.node.outputs.map(\.type) else {
      throw GraphError(
        .nodeFailed, "it gave \(outputs.map(\.type)) instead of \(step.node.outputs.map(\.type))"
      ).inNode(step.nodeID, classType: classType)
    }
    report(.nodeFinished(nodeID: step.nodeID, duration: clock.now - started))
    return outputs
  }
}
