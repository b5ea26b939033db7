// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import ArgumentParser
import ChaosScenarios

/// Plays the scenarios.
struct ScenariosCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scenarios",
    abstract: "Plays each scenario once."
  )

  @OptionGroup var stage: StageOptions

  @Option(help: "Only this scenario; may be given several times. --list says the names.")
  var only: [String] = []

  @Flag(help: "Says the names and ends.")
  var list = false

  func validate() throws {
    for name in self.only where !Scenario.all.contains(where: { $0.name == name }) {
      throw ValidationError("--only \(name): there is no such scenario; --list says the names")
    }
  }

  func run() async throws {
    if self.list {
      for scenario in Scenario.all { print("\(scenario.name): \(scenario.title)") }
      return
    }
    let scenarios = Scenario.all.filter { self.only.isEmpty || self.only.contains($0.name) }
    let results = try await self.stage.withStage { try await play(scenarios, on: $0) }
    guard results.allSatisfy(\.faults.isEmpty) else { throw ExitCode.failure }
    print("chaos: no faults")
  }
}

/// Plays scenarios one after the other and prints a line for each.
func play(_ scenarios: [Scenario], on stage: ChaosStage) async throws -> [ScenarioResult] {
  var results: [ScenarioResult] = []
  tell(ScenarioResult.tableHead)
  for scenario in scenarios {
    let result = try await scenario.result(on: stage)
    tell(result.tableRow)
    for fault in result.faults { tell("FAULT: \(scenario.name): \(fault)") }
    results.append(result)
  }
  return results
}
