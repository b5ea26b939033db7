// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import LocalTriton
import TritonClient

/// A server to work with, found or started, for the length of a closure.
struct Session: Sendable {
  let client: InferenceServerClient
  /// The server's address, for messages.
  let url: String
  /// Whether this run started the server.
  let isLocal: Bool
  /// How long it took until the server answered, in seconds.
  let startSeconds: Double

  /// How long an address is given to answer, and a stopped run's server to show that it lives.
  private static let answerTime = Duration.seconds(5)

  /// Finds or starts a server, runs `body` with it before `deadline`, and stops what was started: also when
  /// `body` fails or the task is cancelled.
  ///
  /// - Parameter position: where the work stands, for the message when the time is over.
  static func run<Success: Sendable>(
    _ options: ServerOptions, deadline: Deadline, console: Console,
    position: @escaping @Sendable () -> String?,
    _ body: @escaping @Sendable (Session) async throws -> Success
  ) async throws -> Success {
    let begin = ContinuousClock.now
    switch try await ServerChoice.make(options, variables: console.variables, deadline: deadline) {
    case .running(let url, let origin):
      let client = try connect(url, origin: origin, deadline: deadline)
      defer { client.close() }
      try await checkAnswers(client, origin: origin, deadline: deadline)
      let session = Session(
        client: client, url: url, isLocal: false, startSeconds: (ContinuousClock.now - begin) / .seconds(1))
      return try await session.guarded(deadline: deadline, position: position, body)
    case .local:
      let server = try await start(deadline: deadline, console: console)
      do {
        let success = try await run(with: server, since: begin, deadline: deadline, position: position, body)
        await server.stop()
        return success
      } catch {
        let crash = server.crash
        await server.stop()
        guard let crash, !Task.isCancelled else { throw error }
        throw Failure(.unavailable, "\(Failure(error).message); \(crash.message)")
      }
    }
  }

  private static func run<Success: Sendable>(
    with server: LocalTritonServer, since begin: ContinuousClock.Instant, deadline: Deadline,
    position: @Sendable () -> String?, _ body: @escaping @Sendable (Session) async throws -> Success
  ) async throws -> Success {
    let client = try connect(server.grpcURL, origin: "local server", deadline: deadline)
    defer { client.close() }
    let session = Session(
      client: client, url: server.grpcURL, isLocal: true,
      startSeconds: (ContinuousClock.now - begin) / .seconds(1))
    return try await session.guarded(deadline: deadline, position: position, body)
  }

  private static func connect(_ url: String, origin: String, deadline: Deadline) throws
    -> InferenceServerClient
  {
    var configuration = InferenceServerClient.Configuration.defaults
    // The whole run has a deadline: a single call may use up all of it.
    configuration.timeout = deadline.remaining
    do {
      return try InferenceServerClient(url, configuration: configuration)
    } catch let error as InferenceError {
      throw Failure(.usage, "\(origin): \(error.message)")
    }
  }

  private static func checkAnswers(
    _ client: InferenceServerClient, origin: String, deadline: Deadline
  ) async throws {
    do {
      _ = try await client.isServerLive(options: probe(within: min(answerTime, deadline.remaining)))
    } catch let error as InferenceError {
      throw Failure(
        .unavailable,
        "no server answers at \(client.url) (\(origin)): \(error.status?.message ?? error.message); check that "
          + "this is the gRPC port of a running server, or go without \(origin) to start one on this machine")
    }
  }

  /// Options of a call that only asks whether somebody is there.
  static func probe(within time: Duration) -> CallOptions {
    var options = CallOptions.defaults
    options.timeout = time
    options.retry = .never
    return options
  }

  private static func start(deadline: Deadline, console: Console) async throws -> LocalTritonServer {
    let configuration = try LocalModels.configuration(variables: console.variables, deadline: deadline)
    do {
      return try await console.stage("starting a Triton on this machine") {
        try await LocalTritonServer.start(configuration)
      }
    } catch let error as LocalTritonError where error.code == .startTimedOut {
      throw Failure(
        .tryAgain, "the local server was not ready within \(deadline.text); give more time with --timeout")
    }
  }

  /// Runs `body` before the deadline; if the time runs out, asks the server whether it lives.
  private func guarded<Success: Sendable>(
    deadline: Deadline, position: @Sendable () -> String?,
    _ body: @escaping @Sendable (Session) async throws -> Success
  ) async throws -> Success {
    do {
      return try await deadline.run { try await body(self) }
    } catch  where Failure.isDeadline(error) && !Task.isCancelled {
      let place = position().map { " at \($0)" } ?? ""
      let text = "not done within \(deadline.text), stopped\(place)"
      guard await isAlive() else {
        throw Failure(.unavailable, "\(text): the server \(url) no longer answers; start it again")
      }
      throw Failure(.tryAgain, "\(text): the server \(url) is alive but slow; give more time with --timeout")
    }
  }

  /// How long a stopped run waits to learn whether its server still lives.
  private static let livenessTime = Duration.seconds(2)

  private func isAlive() async -> Bool {
    (try? await client.isServerLive(options: Self.probe(within: Self.livenessTime))) ?? false
  }
}
