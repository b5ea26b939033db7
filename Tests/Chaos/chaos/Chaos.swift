// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import ArgumentParser
import ChaosScenarios
import Foundation

/// The program of scripts/chaos.
@main
struct Chaos: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Kills, freezes and cuts off servers while pictures are made, and fails if one is lost.",
    subcommands: [AllCommand.self, ScenariosCommand.self, RunsCommand.self]
  )

  static func main() async {
    // What scripts/chaos loads before the C library is for this process, not for the servers that it starts.
    unsetenv("LD_PRELOAD")
    do {
      var command = try self.parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch {
      self.exit(withError: error)
    }
  }
}

/// Where things are.
struct StageOptions: ParsableArguments {
  @Option(help: "The fault server's program; 'scripts/fault-server path' says it.")
  var faultServer = ".build/fault-server/fault-server"

  @Option(help: "The model repository.")
  var models = "models/shapes"

  @Flag(help: "Less of everything.")
  var short = false

  /// Runs `body` on a stage.
  func withStage<Success: Sendable>(
    _ body: @escaping @Sendable (ChaosStage) async throws -> Success
  ) async throws -> Success {
    tell("starting two Tritons and the fault server")
    return try await ChaosStage.with(
      self.short ? .short : .full,
      faultServer: self.faultServer,
      models: URL(fileURLWithPath: self.models, isDirectory: true),
      body
    )
  }
}

/// Prints a line at once, also into a file.
func tell(_ line: String) {
  print(line)
  fflush(nil)
}
