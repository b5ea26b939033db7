// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import ArgumentParser

/// A subcommand that runs in a task of its own, so that a signal can cancel it.
protocol InterruptibleCommand: AsyncParsableCommand, Sendable {}

/// Which server to ask, and for how long.
struct ServerOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The server's gRPC address: grpc://host:port.",
      discussion: """
        Without it: TRITON_URL of the environment, else localhost:8001 if a server is ready there, else a \
        server is started on this machine and stopped at the end.
        """))
  var url: String?

  @Flag(help: "Start a server on this machine for this run, whatever else is running.")
  var local = false

  @Option(
    help: ArgumentHelp(
      "Seconds that the whole run may take, server start included.",
      discussion: "Default: 300 for each picture or workflow, 60 for models.", valueName: "seconds"))
  var timeout: Double?

  /// A year: longer is a slip of the finger.
  private static let longestTimeout = 31_536_000.0

  func validate() throws {
    if local && url != nil { throw ValidationError("--local and --url exclude each other: give one of them") }
    guard let timeout else { return }
    guard timeout > 0, timeout <= Self.longestTimeout else {
      throw ValidationError(
        "--timeout must be a number of seconds above 0 and up to a year, given \(timeout)")
    }
  }
}

/// What to say, and how.
struct ReportOptions: ParsableArguments {
  @Flag(help: "Write the result as one JSON object on standard output.")
  var json = false

  @Flag(name: .shortAndLong, help: "No progress, notes or warnings on standard error; only errors.")
  var quiet = false

  /// A console that says as much as was asked for.
  var console: Console { Console(isQuiet: quiet) }
}
