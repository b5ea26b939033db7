// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// Finds the addresses that a host name stands for.
package protocol HostResolver: Sendable {
  /// The addresses of a host, IPv4 and IPv6, as literals without brackets: each once, at least one, in the same order
  /// whenever they are the same.
  ///
  /// - Parameter host: a name; an address stands for itself.
  /// - Throws: ``InferenceError`` with `unavailable` when there is none; `CancellationError` when the task is
  ///   cancelled.
  func addresses(of host: String) async throws -> [String]
}
