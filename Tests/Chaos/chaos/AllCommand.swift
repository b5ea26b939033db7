// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import ArgumentParser
import ChaosScenarios
import Foundation

/// Plays all scenarios and makes the runs.
struct AllCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "all",
    abstract: "Plays each scenario once, then makes the runs with faults drawn from a seed."
  )

  @OptionGroup var stage: StageOptions

  @OptionGroup var runs: RunsOptions

  @Option(help: "A file for the results in Markdown.")
  var write: String?

  func run() async throws {
    let runs = self.runs
    let (results, report) = try await self.stage.withStage { stage in
      let results = try await play(Scenario.all, on: stage)
      return (results, try await runs.make(on: stage))
    }
    print(report.summary)
    for problem in report.tally.problems { print("FAULT: \(problem)") }
    let isFaultless = results.allSatisfy(\.faults.isEmpty) && report.isFaultless(count: runs.count)
    if let file = self.write {
      let page = resultsPage(results, report, seed: runs.seed)
      try Data(page.utf8).write(to: URL(fileURLWithPath: file), options: .atomic)
      print("written to \(file)")
    }
    guard isFaultless else { throw ExitCode.failure }
    print("chaos: no faults")
  }
}
