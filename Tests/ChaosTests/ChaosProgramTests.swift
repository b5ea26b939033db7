// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import ChaosScenarios
import Foundation
import Subprocess
import Testing

/// The short form of `make chaos`: each scenario once, and ten of the runs whose faults come from a seed. It is the
/// program itself that runs, as scripts/chaos runs it: names can change only in a process that was started for that.
@Suite(.serialized) struct ChaosProgramTests {
  private struct Outcome {
    var hasSucceeded: Bool
    var output: String

    /// What the program found against the promise.
    var faults: [Substring] { self.output.split(separator: "\n").filter { $0.hasPrefix("FAULT") } }
  }

  private static let packageFolder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The built program, beside that of the tests.
  private static let program = Bundle.main.bundleURL.appendingPathComponent("chaos").path

  private static let faultServer =
    ProcessInfo.processInfo.environment["FAULT_SERVER"]
    ?? ChaosProgramTests.packageFolder.appendingPathComponent(".build/fault-server/fault-server").path

  /// Runs scripts/chaos with the programs that the tests were built with.
  private func runScript(_ arguments: String...) async throws -> Outcome {
    let script = ChaosProgramTests.packageFolder.appendingPathComponent("scripts/chaos").path
    let variables = ["CHAOS=\(ChaosProgramTests.program)", "FAULT_SERVER=\(ChaosProgramTests.faultServer)"]
    return try await self.run(variables + [script] + arguments)
  }

  private func run(_ arguments: [String]) async throws -> Outcome {
    let result = try await Subprocess.run(
      .name("env"),
      arguments: Arguments(arguments),
      output: .string(limit: 1 << 20),
      error: .combinedWithOutput
    )
    return Outcome(
      hasSucceeded: result.terminationStatus.isSuccess,
      output: result.standardOutput ?? ""
    )
  }

  @Test(.timeLimit(.minutes(4))) func noRunIsLostAndNoPictureDiffers() async throws {
    let outcome = try await self.runScript("all", "--short", "--count", "10", "--seed", "3")
    #expect(outcome.faults == [])
    #expect(outcome.hasSucceeded, "\(outcome.output)")
    for scenario in Scenario.all {
      #expect(outcome.output.contains("| \(scenario.title) |"), "\(scenario.name) was not played")
    }
    #expect(outcome.output.contains("10 runs, 10 finished, 10 identical"))
  }

  /// Without what the script does a name cannot change: the program says so and fails.
  @Test(.timeLimit(.minutes(2))) func aScenarioThatCannotBePlayedIsAFault() async throws {
    let models = ChaosProgramTests.packageFolder.appendingPathComponent("models/shapes").path
    let outcome = try await self.run([
      "--unset=NSS_WRAPPER_HOSTS", ChaosProgramTests.program, "scenarios", "--short", "--only", "names",
      "--fault-server", ChaosProgramTests.faultServer, "--models", models,
    ])
    #expect(!outcome.hasSucceeded)
    #expect(outcome.faults.count == 1)
    #expect(outcome.faults.first?.contains("NSS_WRAPPER_HOSTS is not set") == true, "\(outcome.output)")
  }

  @Test func aScenarioThatIsNotThereIsRefused() async throws {
    let outcome = try await self.runScript("scenarios", "--only", "nothing")
    #expect(!outcome.hasSucceeded)
    #expect(outcome.output.contains("there is no such scenario"))
  }
}
