// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Synchronization

/// The calls in flight to one server, so that they can be given up when it is known to be gone.
final class CallRegistry: Sendable {
  private struct State {
    var calls: [ObjectIdentifier: UnaryCall] = [:]
    /// How often the calls were given up.
    var generation = 0
  }

  private let state = Mutex(State())

  /// Runs a call while it is listed.
  ///
  /// - Returns: what it brought, and whether it was given up meanwhile.
  func run(
    _ call: UnaryCall,
    _ body: () async throws -> UnaryCall.Outcome
  ) async throws -> (outcome: UnaryCall.Outcome, isAbandoned: Bool) {
    let key = ObjectIdentifier(call)
    let generation = self.state.withLock { state in
      state.calls[key] = call
      return state.generation
    }
    defer { self.state.withLock { $0.calls[key] = nil } }
    let outcome = try await body()
    return (outcome, self.state.withLock { $0.generation } != generation)
  }

  /// Ends all calls that are in flight.
  func abandonAll() {
    let calls = self.state.withLock { state in
      state.generation += 1
      return Array(state.calls.values)
    }
    for call in calls { call.cancel() }
  }
}
