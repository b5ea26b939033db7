// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Synchronization

/// Runs one node: within its time, with a failure told as the node's.
struct NodeRun: Sendable {
  private let step: ExecutionPlan.Step
  private let arguments: NodeArguments
  private let timeout: Duration?
  private let position = Position()

  /// Where a node stands, as its events tell.
  private final class Position: Sendable {
    struct State {
      var step: (number: Int, total: Int)?
      var waiting: String?
      var waited = Duration.zero
    }

    let state = Mutex(State())
  }

  /// Time is over for the node.
  private struct TimedOut: Error {}

  /// A run of a planned node with its arguments; `timeout` is nil where it may take as long as it wants.
  init(_ step: ExecutionPlan.Step, arguments: NodeArguments, timeout: Duration?) {
    self.step = step
    self.arguments = arguments
    self.timeout = timeout
  }

  /// Keeps in mind what an event tells of the node's position.
  func note(_ event: GraphEvent) {
    position.state.withLock { state in
      switch event {
      case .progress(_, let number, let total, _): state.step = (number, total)
      case .waiting(_, let reason): state.waiting = reason
      case .resumed(_, let time):
        state.waiting = nil
        state.waited += time
      default: break
      }
    }
  }

  /// How long the node has waited for servers in outages that are over.
  var waitedTime: Duration { position.state.withLock(\.waited) }

  /// The node's outputs.
  ///
  /// - Throws: `CancellationError`; `GraphError` that names the node, the shapes of its inputs and the cause.
  func outputs(in context: NodeContext) async throws -> [GraphValue] {
    do {
      guard let timeout else { return try await step.node.run(arguments, in: context) }
      return try await run(in: context, within: timeout)
    } catch {
      // A cancelled call may fail in its own words; what happened is still a cancellation.
      if error is CancellationError || Task.isCancelled { throw CancellationError() }
      throw failure(error)
    }
  }

  /// Cancels the node when its time is over, and waits for its end.
  private func run(in context: NodeContext, within timeout: Duration) async throws -> [GraphValue] {
    try await withThrowingTaskGroup(of: [GraphValue]?.self) { group in
      defer { group.cancelAll() }
      group.addTask { try await step.node.run(arguments, in: context) }
      group.addTask {
        try await Task.sleep(for: timeout)
        return nil
      }
      guard let first = try await group.next(), let outputs = first else { throw TimedOut() }
      return outputs
    }
  }

  /// What a node threw, told with the node, its inputs and the sampling step.
  private func failure(_ error: any Error) -> GraphError {
    var failure: GraphError
    let stepError = error as? Sampler.StepError
    let cause = stepError?.underlyingError ?? error
    if cause is TimedOut, let timeout {
      failure = timedOut(timeout)
    } else if let known = cause as? GraphError {
      failure = known
    } else {
      failure = GraphError(.nodeFailed, "", underlyingError: cause)
    }
    failure.step = stepError?.number ?? failure.step
    failure.totalSteps = stepError?.total ?? failure.totalSteps
    failure.inputs = arguments.shapes(of: step.node.inputs)
    return failure.inNode(step.nodeID, classType: step.node.classType)
  }

  private func timedOut(_ timeout: Duration) -> GraphError {
    let state = position.state.withLock { $0 }
    let advice = state.waiting.map { "it was waiting for a server: \($0)" } ?? "allow the node more time"
    var error = GraphError(.nodeTimedOut, "it was not done within \(timeout); \(advice)")
    if let (number, total) = state.step, number < total {
      error.step = number + 1
      error.totalSteps = total
    }
    return error
  }
}
