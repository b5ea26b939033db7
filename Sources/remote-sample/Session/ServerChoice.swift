// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import TritonClient

/// Which server a run uses.
enum ServerChoice: Hashable, Sendable {
  /// One that runs already: its address, and who named it.
  case running(url: String, origin: String)
  /// One to be started on this machine.
  case local

  /// Names the server for processes that get no `--url`.
  static let variable = "TRITON_URL"
  /// Where Triton listens unless told otherwise.
  static let usual = "grpc://localhost:8001"
  /// How long that place is given to answer.
  private static let probeTime = Duration.seconds(1)

  /// What was asked for outright, or nil where it has to be found out.
  static func asked(
    option: String?, startsLocal: Bool = false, variables: [String: String]
  ) -> ServerChoice? {
    if startsLocal { return .local }
    if let option { return .running(url: option, origin: "--url") }
    if let url = variables[variable], !url.isEmpty { return .running(url: url, origin: variable) }
    return nil
  }

  /// The server that was asked for, else the one on the usual port if it is ready, else a local one.
  static func make(
    _ options: ServerOptions, variables: [String: String], deadline: Deadline
  ) async throws -> ServerChoice {
    if let asked = asked(option: options.url, startsLocal: options.local, variables: variables) {
      return asked
    }
    let client = try InferenceServerClient(usual)
    defer { client.close() }
    let options = Session.probe(within: min(probeTime, deadline.remaining))
    let isReady = (try? await client.isServerReady(options: options)) ?? false
    try Task.checkCancellation()
    return isReady ? .running(url: usual, origin: "found running") : .local
  }
}
