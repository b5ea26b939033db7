// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import ArgumentParser
import ChaosScenarios
import Foundation
import Synchronization

/// Makes very many runs with faults drawn from a seed.
struct RunsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "Makes runs of twenty steps on two servers, with faults drawn from a seed."
  )

  @OptionGroup var stage: StageOptions

  @OptionGroup var runs: RunsOptions

  func run() async throws {
    let runs = self.runs
    let report = try await self.stage.withStage { try await runs.make(on: $0) }
    print(report.summary)
    for problem in report.tally.problems { print("FAULT: \(problem)") }
    guard report.isFaultless(count: runs.count) else { throw ExitCode.failure }
    print("chaos: no faults")
  }
}

/// Which runs.
struct RunsOptions: ParsableArguments {
  @Option(help: "Runs to make.")
  var count = 1_000

  @Option(help: "Where the random numbers begin.")
  var seed: UInt64 = 1

  @Option(help: "Runs under way at a time.")
  var concurrency = 4

  func validate() throws {
    guard self.count > 0 else { throw ValidationError("--count \(self.count): at least 1 is needed") }
    guard self.concurrency > 0 else {
      throw ValidationError("--concurrency \(self.concurrency): at least 1 is needed")
    }
  }

  /// Makes the runs, with a line that says how far they are.
  func make(on stage: ChaosStage) async throws -> SeededRuns.Report {
    let progress = ProgressLine(total: self.count)
    let runs = SeededRuns(stage, count: self.count, seed: self.seed, concurrency: self.concurrency)
    let report = try await runs.run { progress.show($0) }
    progress.end()
    return report
  }
}

/// How far the runs are: one line that changes on a terminal, else a line for each tenth.
private final class ProgressLine: Sendable {
  private let total: Int
  private let isTerminal = isatty(STDOUT_FILENO) == 1
  private let state = Mutex(())

  init(total: Int) {
    self.total = total
  }

  func show(_ report: SeededRuns.Report) {
    let done = report.tally.started
    guard self.isTerminal || done % max(self.total / 10, 1) == 0 else { return }
    let line =
      "\(done) of \(self.total) runs, \(report.tally.identical) identical, \(report.faultCount) faults"
    self.state.withLock { _ in
      print(self.isTerminal ? "\r\u{1B}[K\(line)" : line, terminator: self.isTerminal ? "" : "\n")
      fflush(nil)
    }
  }

  func end() {
    if self.isTerminal { print("\r\u{1B}[K", terminator: "") }
  }
}
