// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import Subprocess
import Synchronization

/// Runs the supervisor program and turns its report into the states of a server.
///
/// The supervisor lives as long as the pipe to its standard input is open. This process alone holds the other
/// end, so that the server ends with it, in whatever way that happens.
final class Supervision: Sendable {
  /// A server that takes requests, or why there is none.
  let readiness = Arrival<Result<(server: RunningServer, failedModels: [String: String]), LocalTritonError>>()

  /// How the server ended: nil if it was stopped.
  let ending = Arrival<LocalTritonError?>()

  private let stopRequest = Arrival<Void>()
  private let state = Mutex(State())
  private let task = Mutex<Task<Void, Never>?>(nil)

  private struct State {
    var server: RunningServer?
    var exit: SupervisorEvent?
    var complaints: [String] = []
  }

  /// How long the supervisor itself may take, beyond what it grants the server.
  private static let margin = Duration.seconds(5)

  /// Lines of the log and of the supervisor's own complaints that an error carries.
  private static let shownLines = 15

  /// Starts the supervisor.
  init(python: String, arguments: [String], startTimeout: Duration, stopTimeout: Duration) {
    let task = Task {
      await self.run(python, arguments, startTimeout: startTimeout, stopTimeout: stopTimeout)
    }
    self.task.withLock { $0 = task }
  }

  /// Asks the supervisor to end the server.
  func requestStop() {
    self.stopRequest.deliver(())
  }

  /// Ends the server and waits until all of its processes are gone, even if the waiting task is cancelled.
  func stop() async {
    self.requestStop()
    await self.task.withLock { $0 }?.value
  }

  private func run(_ python: String, _ arguments: [String], startTimeout: Duration, stopTimeout: Duration)
    async
  {
    var platformOptions = PlatformOptions()
    // Ctrl-C and Ctrl-Z at the terminal are for this process; it decides what becomes of the server.
    platformOptions.createSession = true
    var failure: String?
    do {
      _ = try await Subprocess.run(
        // By way of env, because a path made at run time needs a module that Linux and macOS name differently.
        .name("env"), arguments: Arguments([python] + arguments), platformOptions: platformOptions,
        input: .inputWriter, output: .sequence, error: .combinedWithOutput
      ) { execution in
        try await withThrowingTaskGroup(of: Void.self) { group in
          group.addTask {
            // A supervisor that is itself stuck is killed; the kernel then kills the server.
            guard try await self.stopIsDue(within: startTimeout + Self.margin) else { return }
            try await execution.standardInputWriter.finish()
            try await Task.sleep(for: stopTimeout + Self.margin)
            try execution.send(signal: .kill)
          }
          for try await line in execution.standardOutput.strings() { self.receive(line) }
          group.cancelAll()
        }
      }
    } catch is CancellationError {
      // The watching task was cancelled because the supervisor is gone.
    } catch {
      failure = "\(error)"
    }
    self.finish(failure: failure)
  }

  /// Waits until a stop is asked for, or until the server should long have been ready and is not.
  private func stopIsDue(within limit: Duration) async throws -> Bool {
    try await withThrowingTaskGroup(of: Bool.self) { group in
      group.addTask {
        try await self.stopRequest.wait()
        return true
      }
      group.addTask {
        try await Task.sleep(for: limit)
        if self.readiness.current == nil { return true }
        try await self.stopRequest.wait()
        return true
      }
      defer { group.cancelAll() }
      return try await group.next() ?? true
    }
  }

  private func receive(_ line: String) {
    guard let event = SupervisorEvent(line: line) else {
      self.state.withLock { state in
        state.complaints = (state.complaints + [line]).suffix(Self.shownLines)
      }
      return
    }
    switch event.event {
    case "starting":
      self.state.withLock { $0.server = event.server }
    case "ready":
      guard let server = self.state.withLock(\.server) else { return }
      self.readiness.deliver(.success((server, SupervisorEvent.failedModels(event.models ?? []))))
    default:
      self.state.withLock { $0.exit = event }
    }
  }

  /// Says how the server ended, now that the supervisor is gone.
  private func finish(failure: String?) {
    let (server, exit, complaints) = self.state.withLock { ($0.server, $0.exit, $0.complaints) }
    let wasReady = self.readiness.current != nil
    let isStopped = self.stopRequest.current != nil
    var error = LocalTritonError(code: wasReady ? .crashed : .startFailed, message: "")
    error.logFile = server?.logFile
    error.logTail = server.map { LogTail.read($0.logFile, lines: Self.shownLines) } ?? ""
    let how = exit?.ending ?? "is gone with its supervisor: \(complaints.last ?? "which left no word")"
    if let failure {
      error.message = "the local Triton could not be run: \(failure); scripts/setup repairs its environment"
    } else if exit?.reason == "timeout" {
      error.code = .startTimedOut
      error.message =
        "the local Triton was not ready in time and was stopped; give it more time (startTimeout)"
    } else if server == nil {
      error.message = "the local Triton did not start; scripts/setup repairs its environment"
      error.logTail = complaints.joined(separator: "\n")
    } else if wasReady {
      error.message = "the local Triton (process \(server?.processID ?? 0)) \(how); start it again"
    } else {
      error.message = "the local Triton \(how) before it was ready"
    }
    self.readiness.deliver(.failure(error))
    self.ending.deliver(isStopped ? nil : error)
  }
}
