// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import RemoteNodes
import TritonClient

/// Very many runs on two servers, in a third of which something is done to one of them: what, when and for how long
/// comes from a seed.
///
/// A server has one fault at a time, but both may have one at once: then there is no server for a while, and the runs
/// wait.
package struct SeededRuns: Sendable {
  /// What came of the runs.
  package struct Report: Sendable {
    package internal(set) var tally = RunTally()
    /// Faults by kind.
    package internal(set) var faults: [SeededFault.Kind: Int] = [:]
    /// Servers that died by themselves, without a fault of the seed's.
    package internal(set) var crashes = 0
    /// Calls sent, and those of them that failed.
    package internal(set) var attempts = 0, failedAttempts = 0
    /// Time of the longest run, and of all.
    package internal(set) var longestRun = Duration.zero, elapsed = Duration.zero

    /// Faults of all kinds.
    package var faultCount: Int { self.faults.values.reduce(0, +) }
  }

  private let stage: ChaosStage
  private let count: Int
  private let seed: UInt64
  private let concurrency: Int

  /// - Parameters:
  ///   - stage: the servers.
  ///   - count: how many runs.
  ///   - seed: where the random numbers begin.
  ///   - concurrency: runs under way at a time.
  package init(_ stage: ChaosStage, count: Int, seed: UInt64, concurrency: Int = 4) {
    self.stage = stage
    self.count = count
    self.seed = seed
    self.concurrency = concurrency
  }

  /// Makes the runs.
  ///
  /// - Parameter onRun: told what there is so far, each time a run has ended.
  package func run(onRun: @escaping @Sendable (Report) -> Void) async throws -> Report {
    let ledger = SeededRunsLedger(count: self.count)
    var configuration = InferenceServerClient.Configuration.patient
    configuration.onAttempt = { ledger.note($0) }
    let client = try InferenceServerClient(self.stage.urls(true), configuration: configuration)
    defer { client.close() }
    let begin = ContinuousClock.now
    let turns = Turns(first: Turn(), second: Turn())
    await withDiscardingTaskGroup { group in
      for _ in 0..<self.concurrency {
        group.addTask { await self.work(client, turns, ledger, onRun) }
      }
    }
    return ledger.report(after: ContinuousClock.now - begin)
  }

  /// Makes runs as long as there are any.
  private func work(
    _ client: InferenceServerClient,
    _ turns: Turns,
    _ ledger: SeededRunsLedger,
    _ onRun: @escaping @Sendable (Report) -> Void
  ) async {
    await withDiscardingTaskGroup { faults in
      while let run = ledger.next() {
        let fault = SeededFault(ofRun: run, steps: PictureMaker.steps, seed: self.seed)
        let (triggers, trigger) = AsyncStream.makeStream(of: Void.self)
        if let fault {
          let turn = fault.isOnSecond ? turns.second : turns.first
          await turn.take()
          faults.addTask {
            for await _ in triggers { break }
            let server = fault.isOnSecond ? self.stage.second : self.stage.first
            do {
              if try await server.revive() { ledger.countCrash() }
              do {
                try await self.perform(fault)
              } catch {
                guard try await server.revive(within: .seconds(2)) else { throw error }
                ledger.countCrash()
              }
              ledger.count(fault)
            } catch {
              ledger.note("\(fault.kind) could not be done: \(error)")
            }
            await turn.give()
          }
        }
        let begin = ContinuousClock.now
        let result = await self.makeRun(run, client, fault: fault, trigger)
        // Whatever became of the run: its fault is done.
        trigger.finish()
        onRun(ledger.count(run, result, after: ContinuousClock.now - begin))
      }
    }
  }

  private func makeRun(
    _ run: Int,
    _ client: InferenceServerClient,
    fault: SeededFault?,
    _ trigger: AsyncStream<Void>.Continuation
  ) async -> Result<Bool, any Error> {
    do {
      return .success(
        try await self.stage.maker.makes(run, client: client, recovery: .defaults) { step in
          if step == fault?.step { trigger.yield() }
        }
      )
    } catch {
      return .failure(error)
    }
  }

  /// Does what a fault says, and ends it.
  private func perform(_ fault: SeededFault) async throws {
    let server = fault.isOnSecond ? self.stage.second : self.stage.first
    let proxy = server.proxy
    switch fault.kind {
    case .kill:
      try await server.kill()
      return try await server.restart()
    case .freeze:
      await server.suspend()
      try await Task.sleep(for: fault.duration)
      return await server.resume()
    case .reload:
      try await server.unload(PictureMaker.denoiser)
      try await Task.sleep(for: fault.duration)
      return try await server.load(PictureMaker.denoiser)
    case .drop: return try await proxy.change(drops: true)
    case .reset: return try await proxy.change(to: ["reset": true], drops: true)
    case .drops:
      try await proxy.change(
        to: ["drop_fraction": 0.5, "drop_within": 500_000, "drop_seed": .int(fault.seed)],
        drops: true
      )
    case .delay: try await proxy.change(to: ["latency_ms": 50])
    case .blackHole: try await proxy.change(to: ["black_hole": true])
    }
    try await Task.sleep(for: fault.duration)
    try await proxy.change()
  }
}

/// Whose turn it is to do something to each server.
private struct Turns: Sendable {
  let first, second: Turn
}
