// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import Testing

/// The command on a pseudo-terminal, which carries standard output and standard error.
@Suite("The command on a terminal", .serialized)
struct CommandLineTerminalRunTests {
  private static let wipe = "\r\u{1B}[K"

  private func run(
    _ arguments: [String] = [], environment: [String: String] = [:], columns: Int = 80, answer: String? = nil
  ) async throws -> CommandOutcome {
    var command = try Command("a red circle", "--steps", "6", "--seed", "1", url: try await TestServer.url())
    command.arguments += arguments
    command.environment = environment
    command.terminal = try Pseudoterminal(columns: columns, answer: answer)
    let outcome = try await command.run()
    #expect(outcome.status == 0, "\(outcome.output)")
    #expect(command.files() == ["output/remote-sample_00001_.png"])
    #expect(outcome.output.contains("/output/remote-sample_00001_.png\r\n"))
    return outcome
  }

  @Test("Half blocks in 24-bit colour, and a bar that is redrawn in place and wiped")
  func halfBlocks() async throws {
    let outcome = try await run(environment: ["COLORTERM": "truecolor", "LANG": "C.UTF-8", "LC_ALL": ""])
    let rows = outcome.output.split(separator: "\r\n").filter { $0.contains("▀") }
    #expect(rows.count == 22, "two of 24 rows are left for the prompt")
    #expect(rows.allSatisfy { row in row.count { $0 == "▀" } == 44 && row.hasSuffix("\u{1B}[0m") })
    #expect(outcome.output.contains("\u{1B}[38;2;"))
    for step in 1...6 { #expect(outcome.output.contains("  \(step)/6  ")) }
    #expect(outcome.output.contains("█") && outcome.output.contains(" a step  "))
    // Nothing of the bar stays: the last thing before the picture is the wiped line.
    let beforePicture = try #require(outcome.output.split(separator: "\u{1B}[38;2;", maxSplits: 1).first)
    #expect(beforePicture.hasSuffix(Self.wipe))
  }

  @Test("256 colours where COLORTERM does not promise more; a bar of plain characters without UTF-8")
  func palette() async throws {
    let outcome = try await run(environment: ["LANG": "C", "LC_ALL": ""])
    #expect(outcome.output.contains("\u{1B}[38;5;") && !outcome.output.contains("\u{1B}[38;2;"))
    #expect(outcome.output.contains("#") && !outcome.output.contains("█"))
  }

  @Test("Sixels where the terminal says that it has them")
  func sixel() async throws {
    let outcome = try await run(answer: "\u{1B}[?62;4;22c")
    #expect(outcome.output.contains("\u{1B}P") && outcome.output.contains("\"1;1;128;128"))
    #expect(!outcome.output.contains("▀"))
  }

  @Test("A terminal without sixels gets half blocks")
  func noSixel() async throws {
    let outcome = try await run(answer: "\u{1B}[?1;2c")
    #expect(outcome.output.contains("▀") && !outcome.output.contains("\u{1B}P"))
  }

  @Test("kitty gets the file, and is not asked")
  func kitty() async throws {
    let outcome = try await run(environment: ["TERM": "xterm-kitty"])
    #expect(outcome.output.contains("\u{1B}_Ga=T,f=100,q=2,"))
    #expect(!outcome.output.contains("\u{1B}[c") && !outcome.output.contains("▀"))
  }

  @Test("No picture with NO_COLOR; the bar stays")
  func noColor() async throws {
    let outcome = try await run(environment: ["NO_COLOR": "1"])
    #expect(!outcome.output.contains("▀") && !outcome.output.contains("\u{1B}[38"))
    #expect(outcome.output.contains("  6/6  "))
  }

  @Test("A dumb terminal gets plain lines")
  func dumb() async throws {
    let outcome = try await run(environment: ["TERM": "dumb"])
    #expect(!outcome.output.contains("\u{1B}"))
    #expect(outcome.output.contains("picture: step 3/6, "))
  }

  @Test("--quiet prints the path alone")
  func quiet() async throws {
    let outcome = try await run(["--quiet"])
    #expect(outcome.output.split(separator: "\r\n").count == 1)
    #expect(!outcome.output.contains("\u{1B}"))
  }

  @Test("No line is wider than a narrow window, so that none wraps")
  func narrow() async throws {
    let outcome = try await run(columns: 30)
    let drawn = outcome.output.split(separator: "\u{1B}[K").compactMap { $0.split(separator: "\r").last }
    let bars = drawn.filter { $0.contains("/6") && !$0.contains(".png") }
    #expect(!bars.isEmpty)
    #expect(bars.allSatisfy { $0.count < 30 })
  }

  @Test("An error begins a line of its own, the bar wiped")
  func failure() async throws {
    var command = try Command(
      "a cat", "--steps", "10000", "--timeout", "1.5", url: try await TestServer.url())
    command.terminal = try Pseudoterminal()
    let outcome = try await command.run()
    #expect(outcome.status == 75)
    #expect(outcome.output.contains("/10000  "), "the bar was there")
    #expect(outcome.output.contains("\(Self.wipe)remote-sample: error: not done within "))
    #expect(outcome.output.hasSuffix("\r\n"))
  }
}
