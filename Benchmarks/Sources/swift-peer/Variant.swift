// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import TritonClient

/// A way of making calls with the client; `--variant` picks one.
enum Variant: String, CaseIterable {
  /// A new request for each call.
  case request
  /// One request that was made ready before and is sent each time.
  case prepared

  /// As `request`, on the client's executor.
  case executor
  /// As `prepared`, on the client's executor.
  case preparedExecutor = "prepared-executor"

  /// A call, and where it is made.
  struct Calls: Sendable {
    /// Makes one call and returns its output.
    let call: @Sendable () async throws -> Tensor

    /// Runs a phase; a variant that needs other surroundings, such as an executor, sets them up here.
    var surroundings: @Sendable (@Sendable () async throws -> [Lane]) async throws -> [Lane] = { body in
      try await body()
    }
  }

  func calls(of client: InferenceServerClient, sending tensor: Tensor) throws -> Calls {
    switch self {
    case .executor, .preparedExecutor:
      var calls = try (self == .executor ? Variant.request : .prepared).calls(of: client, sending: tensor)
      calls.surroundings = { body in
        try await withTaskExecutorPreference(client.executor) { try await body() }
      }
      return calls
    case .request:
      return Calls(call: {
        let request = InferenceRequest(model: "echo", inputs: ["INPUT0": tensor], outputs: ["OUTPUT0"])
        return try await client.infer(request).output("OUTPUT0")
      })
    case .prepared:
      let request = InferenceRequest(model: "echo", inputs: ["INPUT0": tensor], outputs: ["OUTPUT0"])
      let prepared = try client.prepare(request)
      return Calls(call: { try await client.infer(prepared).output("OUTPUT0") })
    }
  }
}
