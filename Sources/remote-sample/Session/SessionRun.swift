// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import LocalTriton
import RemoteNodes
import TritonClient

/// The way from what was asked for to a session, and its end.
struct SessionRun: Sendable {
  let begin: ContinuousClock.Instant
  let options: ServerOptions
  let deadline: Deadline
  let console: Console
  /// Where the work stands, for the message when the time is over.
  let position: @Sendable () -> String?

  /// What is done with the session.
  typealias Body<Success> = @Sendable (Session) async throws -> Success

  /// How long an address is given to answer.
  private static let answerTime = Duration.seconds(5)
  /// How long a stopped run waits to learn whether its server still lives.
  private static let livenessTime = Duration.seconds(2)
  /// A call that has no more time than this left of the whole run's ended with it.
  private static let deadlineMargin = Duration.seconds(1)

  // MARK: - Servers that run already

  /// Works with servers that somebody else started.
  func onRunning<Success: Sendable>(
    _ urls: [String], origin: String, _ body: @escaping Body<Success>
  ) async throws -> Success {
    let fallback: LocalTritonFallback? =
      switch options.fallback {
      case .local:
        LocalTritonFallback(
          try LocalModels.configuration(variables: console.variables, deadline: deadline, isFallback: true))
      case nil: nil
      }
    do {
      let success = try await onRunning(urls, fallback: fallback, origin: origin, body)
      await fallback?.stop()
      return success
    } catch {
      await fallback?.stop()
      throw error
    }
  }

  private func onRunning<Success: Sendable>(
    _ urls: [String], fallback: LocalTritonFallback?, origin: String, _ body: @escaping Body<Success>
  ) async throws -> Success {
    let servers = AnsweringServers()
    let client = try connect(urls, fallback: fallback, origin: origin, servers: servers)
    defer { client.close() }
    if fallback == nil {
      try await checkAnswers(client, urls: urls, origin: origin, within: Self.answerTime)
      async let _: Void = tell(client.connectionEvents(), of: urls)
      return try await work(client, urls: urls, fallback: nil, servers: servers, body)
    }
    // What stands in needs its time to start, and the user is to know why nothing happens.
    async let _: Void = tell(client.connectionEvents(), of: urls)
    try await checkAnswers(client, urls: urls, origin: origin, within: deadline.remaining)
    return try await work(client, urls: urls, fallback: fallback, servers: servers, body)
  }

  private func work<Success: Sendable>(
    _ client: InferenceServerClient, urls: [String], fallback: LocalTritonFallback?,
    servers: AnsweringServers, _ body: @escaping Body<Success>
  ) async throws -> Success {
    let patience = Duration.seconds(options.patience ?? Session.usualPatience)
    return try await guarded(
      session(
        client, urls: urls, fallback: fallback, isLocal: false, patience: patience, servers: servers), body)
  }

  private func checkAnswers(
    _ client: InferenceServerClient, urls: [String], origin: String, within time: Duration
  ) async throws {
    var options = Session.probe(within: min(time, deadline.remaining))
    // Where there are several places, one that does not answer is to be passed over.
    if Self.isSingle(urls), self.options.fallback == nil { options.retry = .never }
    do {
      _ = try await client.isServerLive(options: options)
    } catch let error as InferenceError {
      let isOne = Self.isSingle(urls)
      throw Failure(
        .unavailable,
        "no server answers at \(urls.joined(separator: ", ")) (\(origin)): "
          + "\(error.status?.message ?? error.message); check that "
          + (isOne ? "this is the gRPC port of a running server" : "these are gRPC ports of running servers")
          + ", or go without \(origin) to start one on this machine")
    }
  }

  /// Tells the user what happens to the connections, until it is cancelled.
  private func tell(_ events: AsyncStream<ConnectionEvent>, of urls: [String]) async {
    var notes = ConnectionNotes(urls: urls)
    for await event in events {
      guard let line = notes.line(for: event) else { continue }
      if line.isWarning { console.warning(line.text) } else { console.note(line.text) }
    }
  }

  // MARK: - A server of this run

  /// Works with a server that is started for it on this machine.
  func onLocal<Success: Sendable>(_ body: @escaping Body<Success>) async throws -> Success {
    let server = try await start()
    do {
      let success = try await work(with: server, body)
      await server.stop()
      return success
    } catch {
      let crash = server.crash
      await server.stop()
      guard let crash, !Task.isCancelled else { throw error }
      throw Failure(.unavailable, "\(Failure(error).message); \(crash.message)")
    }
  }

  private func start() async throws -> LocalTritonServer {
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

  private func work<Success: Sendable>(
    with server: LocalTritonServer, _ body: @escaping Body<Success>
  ) async throws -> Success {
    let urls = [server.grpcURL]
    let servers = AnsweringServers()
    let client = try connect(urls, fallback: nil, origin: "local server", servers: servers)
    defer { client.close() }
    // A server of this run does not come back by itself, so that waiting for it would be in vain.
    return try await guarded(
      session(client, urls: urls, fallback: nil, isLocal: true, patience: .zero, servers: servers), body)
  }

  // MARK: - Both

  private func connect(
    _ urls: [String], fallback: LocalTritonFallback?, origin: String, servers: AnsweringServers
  ) throws -> InferenceServerClient {
    var configuration = InferenceServerClient.Configuration.defaults
    // The whole run has a deadline: a single call may use up all of it.
    configuration.timeout = deadline.remaining
    configuration.onAttempt = { servers.note($0) }
    do {
      return try InferenceServerClient(urls, fallback: fallback, configuration: configuration)
    } catch let error as InferenceError {
      throw Failure(.usage, "\(origin): \(error.message)")
    }
  }

  private func session(
    _ client: InferenceServerClient, urls: [String], fallback: LocalTritonFallback?, isLocal: Bool,
    patience: Duration, servers: AnsweringServers
  ) -> Session {
    Session(
      client: client, urls: urls, fallback: fallback, isLocal: isLocal,
      startSeconds: (ContinuousClock.now - begin) / .seconds(1), recovery: RecoveryPolicy(patience: patience),
      outages: OutageNotes(console: console, patience: patience, deadline: deadline), servers: servers)
  }

  /// Runs `body` before the deadline; if the time runs out, asks the servers whether one lives.
  private func guarded<Success: Sendable>(
    _ session: Session, _ body: @escaping Body<Success>
  ) async throws -> Success {
    defer { session.outages.end() }
    do {
      return try await deadline.run { try await body(session) }
    } catch  where isEnd(error) && !Task.isCancelled {
      let place = position().map { " at \($0)" } ?? ""
      let text = "not done within \(deadline.text), stopped\(place)"
      let isOne = Self.isSingle(session.urls)
      let servers = "\(isOne ? "the server" : "the servers") \(session.place)"
      guard await isAlive(session.client) else {
        throw Failure(
          .unavailable,
          "\(text): \(servers) no longer \(isOne ? "answers; start it" : "answer; start them") again")
      }
      throw Failure(
        .tryAgain,
        "\(text): \(servers) \(isOne ? "is" : "are") alive but slow; give more time with --timeout")
    }
  }

  /// Whether an error says that the time of the whole run is over, and not that of a call in it.
  private func isEnd(_ error: any Error) -> Bool {
    error is DeadlineExceeded || (Failure.isDeadline(error) && deadline.remaining < Self.deadlineMargin)
  }

  /// Whether addresses are that of one server only.
  private static func isSingle(_ urls: [String]) -> Bool {
    urls.count == 1 && !urls[0].hasPrefix("dns:")
  }

  private func isAlive(_ client: InferenceServerClient) async -> Bool {
    (try? await client.isServerLive(options: Session.probe(within: Self.livenessTime))) ?? false
  }
}
