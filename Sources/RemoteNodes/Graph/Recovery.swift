// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

package import TritonClient

/// Has calls survive an outage of their server: the only place where a run waits for one.
package struct Recovery: Sendable {
  /// What happens to a call that meets an outage.
  package enum Event: Sendable, Hashable {
    /// It failed, and waits for the server.
    case waiting(reason: String)
    /// It was answered after all.
    case resumed(after: Duration)
  }

  private let client: InferenceServerClient
  private let policy: RecoveryPolicy
  private let report: @Sendable (Event) -> Void

  /// How long the server may take to say whether it is ready: it may be frozen and never say so.
  private static let answerTime = Duration.seconds(2)
  /// The least time for that, when patience is nearly over.
  private static let shortestAnswerTime = Duration.milliseconds(100)

  /// Recovery of calls of a client. `report` is told of waiting and going on, each once for an outage.
  package init(
    client: InferenceServerClient, policy: RecoveryPolicy, report: @escaping @Sendable (Event) -> Void
  ) {
    self.client = client
    self.policy = policy
    self.report = report
  }

  /// Calls, and calls again after an outage, until there is an answer or patience is over.
  ///
  /// - Parameters:
  ///   - model: the model that must be ready before the next call; nil for the server alone.
  ///   - call: the call; it may be made more than once.
  /// - Throws: `CancellationError`; what `call` throws where that cannot pass by itself, or did not in time.
  package func perform<Success>(
    model: String?, isolation: isolated (any Actor)? = #isolation, _ call: () async throws -> Success
  ) async throws -> Success {
    var outage: Outage?
    while true {
      do {
        let success = try await call()
        if let outage { report(.resumed(after: MonotonicInstant.now - outage.begin)) }
        return success
      } catch let error as InferenceError where policy.patience > .zero && Outage.canPass(error.code) {
        // A cancelled call may fail in its own words.
        try Task.checkCancellation()
        // The first question need not wait until a circuit breaker lets calls through: its answer closes it.
        let retryAfter = outage == nil ? nil : error.retryAfter
        if outage == nil { report(.waiting(reason: error.description)) }
        var current = outage ?? Outage(policy, at: .now)
        try await waitUntilReady(model: model, &current, after: error, retryAfter: retryAfter)
        outage = current
      }
    }
  }

  /// Waits until a call makes sense again.
  ///
  /// - Throws: the failure that began the wait, when patience is over.
  private func waitUntilReady(
    model: String?, _ outage: inout Outage, after failure: InferenceError, retryAfter: Duration?
  ) async throws {
    var retryAfter = retryAfter
    while true {
      guard let pause = outage.pause(retryAfter: retryAfter, at: .now) else {
        var failure = failure
        failure.message += "; it has not passed within \(policy.patience)"
        throw failure
      }
      try await Task.sleep(for: pause)
      let time = max(Self.shortestAnswerTime, min(Self.answerTime, outage.remaining(at: .now)))
      do {
        if try await isReady(model: model, within: time) { return }
      } catch let error as InferenceError {
        try Task.checkCancellation()
        // A server that does not know the question may still know the answer to the call.
        guard Outage.canPass(error.code) else { return }
      }
      retryAfter = nil
    }
  }

  private func isReady(model: String?, within time: Duration) async throws -> Bool {
    var options = CallOptions(timeout: time, retry: .never)
    options.isProbe = true
    guard let model else { return try await client.isServerReady(options: options) }
    return try await client.isModelReady(model, options: options)
  }
}
