// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

public import TritonClient

extension NodeContext {
  /// Has a model compute, as `InferenceServerClient.infer` does, and waits for the server where it is away for a
  /// while: the run's `RecoveryPolicy` says how long. Waiting and going on are told as events of the node.
  ///
  /// - Throws: `InferenceError`; `CancellationError`.
  public func infer(_ request: InferenceRequest) async throws -> InferenceResponse {
    try await client.infer(request, in: self)
  }

  fileprivate func recovery(of client: InferenceServerClient) -> Recovery {
    Recovery(client: client, policy: recovery) { [nodeID, report] event in
      switch event {
      case .waiting(let reason): report(.waiting(nodeID: nodeID, reason: reason))
      case .resumed(let time): report(.resumed(nodeID: nodeID, after: time))
      }
    }
  }
}

extension InferenceServerClient {
  /// The one way in which remote nodes have their models compute.
  ///
  /// - Parameters:
  ///   - request: the request; one of a sequence is sent once, since the server keeps state of it.
  ///   - context: the node that asks; nil outside a run, where nothing waits for an outage.
  func infer(_ request: InferenceRequest, in context: NodeContext?) async throws -> InferenceResponse {
    guard let context, request.sequence == nil else { return try await infer(request) }
    return try await context.recovery(of: self).perform(model: request.model) { try await infer(request) }
  }
}
