// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// A server that is started when it is needed: the place where calls go when no other server is left.
///
/// `LocalTritonFallback` of the module LocalTriton starts a Triton on this machine.
public protocol OnDemandServer: Sendable {
  /// What it is, as a person reads it: "a Triton on this machine".
  var name: String { get }

  /// Starts the server, or a new one where the last was lost.
  ///
  /// One start runs at a time. Cancelling the task that waits gives the start up.
  ///
  /// - Returns: the server's address, `grpc://host:port`, once it takes requests.
  /// - Throws: why there is no server.
  func start() async throws -> String

  /// Stops the server; does nothing when there is none.
  func stop() async
}
