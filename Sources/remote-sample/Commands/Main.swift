// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import ArgumentParser
import Foundation

/// The entry point: parses, runs, and turns whatever happened into one line and an exit status.
@main
enum Main {
  static func main() async {
    SignalWatch.surviveWriteSignals()
    exit(await status(of: Array(CommandLine.arguments.dropFirst())).code)
  }

  private static func status(of arguments: [String]) async -> ExitStatus {
    let console = Console(isQuiet: false)
    do {
      var command = try await RemoteSample.asyncParseAsRoot(arguments)
      if let command = command as? any InterruptibleCommand { return await run(command, console: console) }
      // "help" and its like are the parser's own: they end by throwing what is to be shown.
      try command.run()
      return .success
    } catch {
      return report(parsing: error, to: console)
    }
  }

  /// Help and version are answers, everything else from the parser is bad usage.
  private static func report(parsing error: any Error, to console: Console) -> ExitStatus {
    guard RemoteSample.exitCode(for: error) != .success else {
      console.result(RemoteSample.fullMessage(for: error).trimmingCharacters(in: .newlines))
      return .success
    }
    console.error("\(RemoteSample.message(for: error)) (see '\(Console.program) --help')")
    return .usage
  }

  private static func run(_ command: any InterruptibleCommand, console: Console) async -> ExitStatus {
    let watch = SignalWatch()
    let work = Task {
      var command = command
      try await command.run()
    }
    do {
      try watch.begin { work.cancel() }
      try await work.value
      return .success
    } catch {
      // A run that fails while it is being stopped has been stopped.
      if let number = watch.received {
        console.error("interrupted")
        return .signal(number)
      }
      let failure = Failure(error)
      console.quote(failure.details)
      console.error(failure.message)
      return failure.status
    }
  }
}
