// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Synchronization
public import TritonClient

/// A Triton on this machine that is started when it is needed: the place where calls go when no other server is
/// left.
///
/// ```swift
/// let models = URL(fileURLWithPath: "models/shapes")
/// let fallback = LocalTritonFallback(.init(modelRepository: models))
/// let client = try InferenceServerClient(["grpc://gpu-box:8001"], fallback: fallback)
/// ```
///
/// The server ends when ``stop()`` is called, when the last reference to this object goes, and when this process
/// ends, even if it is killed.
public final class LocalTritonFallback: OnDemandServer {
  /// What it is, as a person reads it.
  public let name = "a Triton on this machine"

  /// How the server is started and stopped.
  public let configuration: LocalTritonServer.Configuration

  /// The start that is under way or has succeeded, and how many tasks wait for it.
  private struct State {
    var launch: Launch?
    var waiting = 0
    /// The ends of those that were stopped.
    var ending: Task<Void, Never>?
  }

  /// One start of a server.
  private struct Launch {
    let outcome: Arrival<Result<LocalTritonServer, any Error>>
    let task: Task<Void, Never>

    init(_ configuration: LocalTritonServer.Configuration) {
      let outcome = Arrival<Result<LocalTritonServer, any Error>>()
      self.outcome = outcome
      self.task = Task {
        do {
          outcome.deliver(.success(try await LocalTritonServer.start(configuration)))
        } catch {
          outcome.deliver(.failure(error))
        }
      }
    }

    /// The server, if it was started.
    var server: LocalTritonServer? { try? self.outcome.current?.get() }

    /// Whether it is over without a server.
    var hasFailed: Bool { self.outcome.current != nil && self.server == nil }

    /// Ends the start, or the server that came of it.
    func stop() async {
      self.task.cancel()
      await self.task.value
      await self.server?.stop()
    }
  }

  private let state = Mutex(State())

  /// How long a server that was started before is given to show that it still lives.
  private static let answerTime = Duration.seconds(2)

  /// A place to go with this server; nothing is started yet.
  public init(_ configuration: LocalTritonServer.Configuration) {
    self.configuration = configuration
  }

  /// The server that was started last, until it is stopped or found to be lost.
  public var server: LocalTritonServer? { self.state.withLock { $0.launch?.server } }

  /// Starts the server, or a new one where the last crashed or does not answer any more.
  ///
  /// Tasks that ask at the same time share one start. It is given up when the last of them is cancelled.
  ///
  /// - Returns: the server's address, once it takes requests.
  /// - Throws: ``LocalTritonError``; `CancellationError` when the task is cancelled.
  public func start() async throws -> String {
    while true {
      try Task.checkCancellation()
      let (launch, isNew) = self.join()
      let server: LocalTritonServer
      do {
        server = try await launch.outcome.wait().get()
        await self.leave(launch)
      } catch {
        await self.leave(launch)
        try Task.checkCancellation()
        self.forget(launch)
        throw Self.explaining(error)
      }
      // A server that has just come up was asked by its start; an older one may be gone and nobody noticed yet.
      if isNew { return server.grpcURL }
      if await server.answers(within: Self.answerTime) { return server.grpcURL }
      try Task.checkCancellation()
      self.forget(launch)
      await server.stop()
    }
  }

  /// Stops the server, or gives up its start. Returns when all its processes are gone, even if the calling task
  /// is cancelled. A later ``start()`` starts a new one.
  public func stop() async {
    let ending = self.state.withLock { state in
      if let launch = state.launch {
        let previous = state.ending
        state.launch = nil
        state.ending = Task {
          await launch.stop()
          await previous?.value
        }
      }
      return state.ending
    }
    await ending?.value
  }

  /// The start to wait for, and whether it is still under way.
  private func join() -> (launch: Launch, isNew: Bool) {
    self.state.withLock { state in
      if let launch = state.launch, !launch.hasFailed {
        state.waiting += 1
        return (launch, launch.outcome.current == nil)
      }
      let launch = Launch(self.configuration)
      (state.launch, state.waiting) = (launch, 1)
      return (launch, true)
    }
  }

  /// Stops waiting for a start; one that nobody waits for any more is given up.
  private func leave(_ launch: Launch) async {
    let isUnwanted = self.state.withLock { state in
      guard state.launch?.task == launch.task else { return false }
      state.waiting -= 1
      guard state.waiting == 0, launch.outcome.current == nil else { return false }
      state.launch = nil
      return true
    }
    if isUnwanted { await launch.stop() }
  }

  /// Makes the next ``start()`` start anew, unless somebody did that already.
  private func forget(_ launch: Launch) {
    self.state.withLock { state in
      if state.launch?.task == launch.task { state.launch = nil }
    }
  }

  /// A start that was cancelled by ``stop()`` is no cancellation of those who waited for it.
  private static func explaining(_ error: any Error) -> any Error {
    guard error is CancellationError else { return error }
    return LocalTritonError(
      code: .startFailed, message: "the local Triton was stopped while it was being started; start it again")
  }
}
