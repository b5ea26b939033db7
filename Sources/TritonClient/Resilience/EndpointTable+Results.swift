// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

extension EndpointTable {
  /// What a health check changed.
  package enum HealthChange: Sendable, Hashable {
    /// The server failed one too many.
    case ejected
    /// The server passed one again.
    case returned
  }

  /// Ends a call: the server's breaker, and the model's on it, its budget and its latencies learn of it.
  ///
  /// - Parameters:
  ///   - id: the server that the call was sent to; nothing happens if it was removed.
  ///   - model: the model that the call was for.
  ///   - verdict: what the call's end says about the server.
  ///   - latency: how long the answer took; `nil` if it says nothing about other answers.
  package mutating func finish(
    id: Int,
    model: String?,
    verdict: AttemptVerdict,
    latency: Duration?,
    at now: MonotonicInstant
  ) {
    guard let index = self.index(of: id) else { return }
    self.endpoints[index].finish(
      model: model,
      verdict: verdict,
      latency: latency,
      settings: self.settings,
      at: now
    )
  }

  /// Whether a retry or a hedge may be sent to a server now, which takes a token of its budget; `false` for one that
  /// was removed.
  package mutating func withdrawRetry(id: Int, at now: MonotonicInstant) -> Bool {
    guard let index = self.index(of: id) else { return false }
    return self.endpoints[index].withdrawRetry(at: now)
  }

  /// Notes the result of a health check. A server that passes has its breaker closed; one that returns, those of its
  /// models too.
  ///
  /// - Returns: what it changed, if anything.
  package mutating func recordHealth(id: Int, isHealthy: Bool, at now: MonotonicInstant) -> HealthChange? {
    guard let index = self.index(of: id) else { return nil }
    return self.endpoints[index].recordHealth(isHealthy: isHealthy, settings: self.settings)
  }

  /// Whether a server is ejected, or its breaker is not closed.
  package func isSuspect(id: Int, at now: MonotonicInstant) -> Bool {
    guard let index = self.index(of: id) else { return false }
    return self.endpoints[index].isSuspect(at: now)
  }

  /// How long a server is waited for before another one is asked as well; `nil` as long as too little is known.
  package func hedgeDelay(id: Int, policy: HedgingPolicy) -> Duration? {
    guard let index = self.index(of: id) else { return nil }
    return policy.delay(after: self.endpoints[index].latencies)
  }
}
