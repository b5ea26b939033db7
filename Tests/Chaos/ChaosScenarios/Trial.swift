// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import RemoteNodes
import Synchronization
import TritonClient

/// Runs made while something is done to their servers.
struct Trial: Sendable {
  /// What came of it.
  struct Outcome: Sendable {
    var tally: RunTally
    var chronicle: Chronicle
    var disturbance: Chronicle.Disturbance?
  }

  /// The servers' addresses.
  var urls: [String]

  /// What holds for the client; attempts are noted besides.
  var configuration: InferenceServerClient.Configuration

  var recovery = RecoveryPolicy.defaults

  /// Runs that are made at least: they go on as long as the disturbance does.
  var runs: Int

  /// Runs under way at a time.
  var concurrency = 2

  /// Whether each run has a client, and so connections, of its own.
  var hasClientForEachRun = false

  /// The step of the first run after which the disturbance begins.
  private static let step = 7

  /// Makes the runs.
  ///
  /// - Parameter disturb: begins when the first run is in the middle of its work, and returns what it did when all is
  ///   well again; `nil` if it changed nothing.
  func perform(
    _ maker: PictureMaker,
    disturb: @escaping @Sendable () async throws -> Chronicle.Disturbance? = { nil }
  ) async throws -> Outcome {
    let recorder = Recorder()
    var configuration = self.configuration
    configuration.onAttempt = { recorder.note($0) }
    let shared = self.hasClientForEachRun ? nil : try self.client(configuration)
    defer { shared?.close() }
    let listening = shared.map { client in
      Task { for await event in client.connectionEvents() { recorder.note(event) } }
    }
    defer { listening?.cancel() }

    let (triggers, trigger) = AsyncStream.makeStream(of: Void.self)
    let progress = Progress()
    let clientConfiguration = configuration
    return try await withThrowingTaskGroup(of: RunTally.self) { group in
      for _ in 0..<self.concurrency {
        group.addTask {
          var tally = RunTally()
          while let run = progress.next(atLeast: self.runs) {
            tally.count(run, await self.makeRun(run, maker, shared, clientConfiguration, recorder, trigger))
            // Whatever became of the first run: the disturbance begins.
            trigger.yield()
          }
          return tally
        }
      }
      async let disturbing = {
        defer { progress.end() }
        for await _ in triggers { break }
        return try await disturb()
      }()
      let disturbance = try await disturbing
      let tally = try await group.reduce(into: RunTally()) { $0.add($1) }
      return Outcome(tally: tally, chronicle: recorder.chronicle, disturbance: disturbance)
    }
  }

  private func makeRun(
    _ run: Int,
    _ maker: PictureMaker,
    _ shared: InferenceServerClient?,
    _ configuration: InferenceServerClient.Configuration,
    _ recorder: Recorder,
    _ trigger: AsyncStream<Void>.Continuation
  ) async -> Result<Bool, any Error> {
    do {
      let client = try shared ?? self.client(configuration)
      defer { if shared == nil { client.close() } }
      let isIdentical = try await maker.makes(run, client: client, recovery: self.recovery) { step in
        recorder.noteStep(ofRun: run)
        if run == 0, step == Trial.step { trigger.yield() }
      }
      return .success(isIdentical)
    } catch {
      return .failure(error)
    }
  }

  private func client(
    _ configuration: InferenceServerClient.Configuration
  ) throws -> InferenceServerClient {
    try InferenceServerClient(self.urls, configuration: configuration)
  }
}

/// Which run is next, for all workers.
private final class Progress: Sendable {
  private let state = Mutex((next: 0, isDisturbed: true))

  /// The disturbance is over.
  func end() {
    self.state.withLock { $0.isDisturbed = false }
  }

  /// The next run; `nil` when there were enough and nothing is disturbed any more.
  func next(atLeast count: Int) -> Int? {
    self.state.withLock { state in
      guard state.next < count || state.isDisturbed else { return nil }
      defer { state.next += 1 }
      return state.next
    }
  }
}
