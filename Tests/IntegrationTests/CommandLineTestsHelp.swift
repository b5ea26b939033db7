// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import Testing

@Suite("The command's help")
struct CommandLineHelpTests {
  /// Set to anything to write the golden files anew; the tests that do so fail, so that nobody forgets it set.
  static let recording = "RECORD_SNAPSHOTS"

  @Test(
    "Help is as in the golden file",
    arguments: zip(
      [["--help"], ["generate", "--help"], ["models", "--help"], ["run", "--help"]],
      ["help.txt", "help-generate.txt", "help-models.txt", "help-run.txt"]))
  func help(_ arguments: [String], _ name: String) async throws {
    var command = try Command()
    command.arguments = arguments
    // The parser wraps its text at the width of the window.
    command.environment = ["COLUMNS": "100"]
    let outcome = try await command.run()
    #expect(outcome.status == 0)
    #expect(outcome.errors == "")
    let golden = try #require(Bundle.module.url(forResource: "Golden", withExtension: nil))
      .appendingPathComponent(name)
    if ProcessInfo.processInfo.environment[Self.recording] != nil {
      let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
        "Golden")
      try Data(outcome.output.utf8).write(to: source.appendingPathComponent(name))
      Issue.record("recorded \(name): unset \(Self.recording) and run again")
      return
    }
    let expected = try String(contentsOf: golden, encoding: .utf8)
    #expect(
      outcome.output == expected,
      "if the change is meant, set \(Self.recording)=1, run again, and review the diff")
  }

  @Test("\"help generate\" shows what \"generate --help\" shows")
  func helpSubcommand() async throws {
    let long = try await Command("generate", "--help").run()
    let short = try await Command("help", "generate").run()
    #expect(short.status == 0)
    #expect(short.output == long.output)
  }

  @Test("--version prints the version and nothing else")
  func version() async throws {
    let outcome = try await Command("--version").run()
    #expect(outcome.status == 0)
    #expect(outcome.errors == "")
    #expect(outcome.output.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
  }
}
