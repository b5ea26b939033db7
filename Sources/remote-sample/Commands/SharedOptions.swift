// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import ArgumentParser

/// A subcommand that runs in a task of its own, so that a signal can cancel it.
protocol InterruptibleCommand: AsyncParsableCommand, Sendable {}

/// A place where calls go when no server is left.
enum FallbackPlace: String, ExpressibleByArgument, CaseIterable, Sendable {
  /// A server that is started on this machine.
  case local
}

/// Which servers to ask, and for how long.
struct ServerOptions: ParsableArguments {
  @Option(
    name: .customLong("url"),
    help: ArgumentHelp(
      "The server's gRPC address: grpc://host:port, or dns:///name:port for all that a name stands for.",
      discussion: """
        Several, by commas or by the option again, share the work and stand in for one another. Without it: \
        TRITON_URL of the environment, else localhost:8001 if a server is ready there, else a server is \
        started on this machine and stopped at the end.
        """,
      valueName: "url"))
  var urls: [String] = []

  @Flag(help: "Start a server on this machine for this run, whatever else is running.")
  var local = false

  @Option(
    help: ArgumentHelp(
      "Where to go when no server is left: local starts one on this machine, until another is back.",
      valueName: "place"))
  var fallback: FallbackPlace?

  @Option(
    help: ArgumentHelp(
      "Seconds to wait for a server that was lost; the run then goes on where it was.",
      discussion: "Default: 60 for each outage, 0 for a server that this run started.", valueName: "seconds"))
  var patience: Double?

  @Option(
    help: ArgumentHelp(
      "Seconds that the whole run may take, server start included.",
      discussion: "Default: 300 for each picture or workflow, 60 for models.", valueName: "seconds"))
  var timeout: Double?

  /// A year: longer is a slip of the finger.
  private static let longestTimeout = 31_536_000.0

  func validate() throws {
    if local && !urls.isEmpty {
      throw ValidationError("--local and --url exclude each other: give one of them")
    }
    if local && fallback != nil {
      throw ValidationError("--local and --fallback exclude each other: give one of them")
    }
    if let patience, !(patience >= 0 && patience <= Self.longestTimeout) {
      throw ValidationError("--patience must be a number of seconds from 0 to a year, given \(patience)")
    }
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
