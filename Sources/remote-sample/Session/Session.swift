// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import LocalTriton
import RemoteNodes
import TritonClient

/// Servers to work with, found or started, for the length of a closure.
struct Session: Sendable {
  let client: InferenceServerClient
  /// The servers' addresses, as they were given.
  let urls: [String]
  /// What stands in for them when none is left.
  let fallback: LocalTritonFallback?
  /// Whether this run started the server.
  let isLocal: Bool
  /// How long it took until a server answered, in seconds.
  let startSeconds: Double
  /// How long calls wait for a server that was lost.
  let recovery: RecoveryPolicy
  /// Tells about such waits.
  let outages: OutageNotes
  /// Keeps which servers computed.
  let servers: AnsweringServers

  /// The servers, for messages.
  var place: String { urls.joined(separator: ", ") }

  /// How long a lost server is waited for unless --patience says otherwise.
  static let usualPatience = 60.0

  /// Finds or starts a server, runs `body` with it before `deadline`, and stops what was started: also when
  /// `body` fails or the task is cancelled.
  ///
  /// - Parameter position: where the work stands, for the message when the time is over.
  static func run<Success: Sendable>(
    _ options: ServerOptions, deadline: Deadline, console: Console,
    position: @escaping @Sendable () -> String?,
    _ body: @escaping @Sendable (Session) async throws -> Success
  ) async throws -> Success {
    let run = SessionRun(
      begin: .now, options: options, deadline: deadline, console: console, position: position)
    switch try await ServerChoice.make(options, variables: console.variables, deadline: deadline) {
    case .running(let urls, let origin): return try await run.onRunning(urls, origin: origin, body)
    case .local: return try await run.onLocal(body)
    }
  }

  /// Makes a call to a server, and makes it again after an outage.
  func surviving<Success>(_ call: () async throws -> Success) async throws -> Success {
    try await Recovery(client: client, policy: recovery) { [outages] event in
      switch event {
      case .waiting(let reason): outages.waiting(reason: reason)
      case .resumed(let time): outages.resumed(after: time)
      }
    }.perform(model: nil, call)
  }

  /// Options of a call that only asks whether somebody is there.
  static func probe(within time: Duration) -> CallOptions {
    var options = CallOptions.defaults
    options.timeout = time
    return options
  }
}
