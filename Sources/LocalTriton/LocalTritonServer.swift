// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import TritonClient

/// A Triton Inference Server on this machine that lives as long as it is used.
///
/// The server listens on free ports of the loopback interface only. It ends when ``stop()`` is called, when the
/// last reference to this object goes, and when this process ends, even if it is killed.
///
/// ```swift
/// let models = URL(fileURLWithPath: "models/shapes")
/// try await LocalTritonServer.withServer(.init(modelRepository: models)) { server in
///   let client = try InferenceServerClient(server.grpcURL)
///   // …
/// }
/// ```
///
/// Models are under explicit control: all of them are loaded at the start and may be unloaded and loaded again
/// through the client. Linux only; elsewhere use a container (see the repository's `docker-compose.yml`).
public final class LocalTritonServer: Sendable {
  /// Models that could not be loaded, with the server's reason. Empty unless
  /// ``Configuration/toleratesFailedModels`` is set.
  public let failedModels: [String: String]

  private let server: RunningServer
  private let supervision: Supervision

  private init(server: RunningServer, failedModels: [String: String], supervision: Supervision) {
    self.server = server
    self.failedModels = failedModels
    self.supervision = supervision
  }

  deinit {
    self.supervision.requestStop()
  }

  /// Address for ``InferenceServerClient``.
  public var grpcURL: String { "grpc://127.0.0.1:\(self.server.grpcPort)" }

  /// Address of the HTTP interface.
  public var httpURL: String { "http://127.0.0.1:\(self.server.httpPort)" }

  /// Address of the metrics in Prometheus format.
  public var metricsURL: String { "http://127.0.0.1:\(self.server.metricsPort)/metrics" }

  /// The server's process.
  public var processID: Int32 { self.server.processID }

  /// The process that watches the server and ends it with this one.
  public var supervisorProcessID: Int32 { self.server.supervisorProcessID }

  /// Path of the server's log.
  public var logFile: String { self.server.logFile }

  /// Starts a server and waits until it takes requests.
  ///
  /// Cancelling the waiting task stops the server.
  ///
  /// - Throws: ``LocalTritonError`` with the log's last lines; `CancellationError` when the task is cancelled.
  public static func start(_ configuration: Configuration) async throws -> LocalTritonServer {
    let environment = try configuration.environment ?? TritonEnvironment.find()
    let supervision = Supervision(
      python: environment.python, arguments: try configuration.supervisorArguments(environment),
      startTimeout: configuration.startTimeout, stopTimeout: configuration.stopTimeout)
    do {
      let (running, failedModels) = try await supervision.readiness.wait().get()
      let server = LocalTritonServer(server: running, failedModels: failedModels, supervision: supervision)
      if !failedModels.isEmpty && !configuration.toleratesFailedModels {
        throw server.error(failedModels: failedModels)
      }
      try await server.checkAnswers()
      return server
    } catch {
      await supervision.stop()
      throw error
    }
  }

  /// Starts a server, runs `body` with it and stops it, also when `body` fails or the task is cancelled.
  ///
  /// - Throws: what ``start(_:)`` and `body` throw.
  public static func withServer<Success>(
    _ configuration: Configuration,
    isolation: isolated (any Actor)? = #isolation,
    _ body: (LocalTritonServer) async throws -> Success
  ) async throws -> Success {
    let server = try await Self.start(configuration)
    do {
      let success = try await body(server)
      await server.stop()
      return success
    } catch {
      await server.stop()
      throw error
    }
  }

  /// Stops the server: requests under way may end within ``Configuration/stopTimeout``, then it is killed.
  /// Returns when all its processes are gone, even if the calling task is cancelled.
  public func stop() async {
    await self.supervision.stop()
  }

  /// Waits for the server's end and says how it came about.
  ///
  /// - Returns: nil if the server was stopped; otherwise the reason, with the log's last lines.
  /// - Throws: `CancellationError` when the waiting task is cancelled.
  public var termination: LocalTritonError? {
    get async throws { try await self.supervision.ending.wait() }
  }

  /// How the server crashed, or nil while it runs and after it was stopped.
  public var crash: LocalTritonError? { self.supervision.ending.current ?? nil }

  /// The last lines of the server's log, without its tables.
  public func logTail(lines: Int = 20) -> String {
    LogTail.read(self.logFile, lines: lines)
  }

  /// The supervisor has asked over HTTP; this asks once more the way that clients will.
  private func checkAnswers() async throws {
    let client = try InferenceServerClient(self.grpcURL)
    defer { client.close() }
    guard try await client.isServerReady() else {
      throw LocalTritonError(
        code: .startFailed, message: "the local Triton answers at \(self.grpcURL) that it is not ready",
        logTail: self.logTail(), logFile: self.logFile)
    }
  }

  /// Whether the server is there and answers in time.
  func answers(within time: Duration) async -> Bool {
    guard self.crash == nil, let client = try? InferenceServerClient(self.grpcURL) else { return false }
    defer { client.close() }
    let options = CallOptions(timeout: time, retry: .never)
    return (try? await client.isServerLive(options: options)) ?? false
  }

  private func error(failedModels: [String: String]) -> LocalTritonError {
    let reasons = failedModels.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
    return LocalTritonError(
      code: .modelsFailed,
      message:
        "the local Triton could not load \(reasons.count == 1 ? "a model" : "\(reasons.count) models"): "
        + reasons.joined(separator: "; ") + " (whole log: \(self.logFile))",
      logFile: self.logFile)
  }
}
