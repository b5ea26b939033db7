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

  /// A runner.
  ///
  /// - Parameters:
  ///   - client: the server.
  ///   - catalog: what it has, from `ModelCatalog.load(from:)`.
  ///   - registry: the node classes that workflows may use.
  ///   - outputDirectory: where pictures go; made when it is needed.
  ///   - tokenizers: where tokenizers are kept.
  public init(
    client: InferenceServerClient, catalog: ModelCatalog, registry: NodeRegistry = .standard,
    outputDirectory: URL, tokenizers: TokenizerStore = .standard
  ) {
    self.client = client
    self.catalog = catalog
    self.registry = registry
    self.outputDirectory = outputDirectory
    self.tokenizers = tokenizers
  }

  /// Checks a workflow without running it.
  ///
  /// - Throws: `GraphError` with every problem that was found.
  public func validate(_ workflow: Workflow) throws {
    _ = try WorkflowValidator.plan(workflow, registry: registry, catalog: catalog)
  }

  /// Runs a workflow.
  ///
  /// Cancelling the task cancels the call that is under way.
  ///
  /// - Parameters:
  ///   - workflow: what to run.
  ///   - onEvent: told what happens, from the running task.
  /// - Returns: the pictures that were written.
  /// - Throws: `GraphError`: with every problem of the workflow before anything runs, later with the node and
  ///   the step that failed; `CancellationError`.
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
    let context = NodeContext(
      client: client, catalog: catalog, tokenizers: tokenizers, outputDirectory: outputDirectory,
      workflow: workflow, nodeID: step.nodeID, report: report)
    let clock = ContinuousClock()
    let started = clock.now
    report(.nodeStarted(nodeID: step.nodeID, classType: step.node.classType))
    let outputs: [GraphValue]
    do {
      outputs = try await step.node.run(arguments, in: context)
    } catch {
      // A cancelled call may fail in its own words; what happened is still a cancellation.
      if error is CancellationError || Task.isCancelled { throw CancellationError() }
      throw Self.failure(error, of: step)
    }
    guard outputs.map(\.type) == step.node.outputs.map(\.type) else {
      throw GraphError(
        .nodeFailed, "it gave \(outputs.map(\.type)) instead of \(step.node.outputs.map(\.type))"
      ).inNode(step.nodeID, classType: step.node.classType)
    }
    report(.nodeFinished(nodeID: step.nodeID, duration: clock.now - started))
    return outputs
  }

  /// What a node threw, told with the node and the sampling step.
  private static func failure(_ error: any Error, of step: ExecutionPlan.Step) -> GraphError {
    var failure: GraphError
    let stepError = error as? Sampler.StepError
    let cause = stepError?.underlyingError ?? error
    if let known = cause as? GraphError {
      failure = known
    } else {
      failure = GraphError(.nodeFailed, "", underlyingError: cause)
    }
    failure.step = stepError?.number
    failure.totalSteps = stepError?.total
    return failure.inNode(step.nodeID, classType: step.node.classType)
  }
}
