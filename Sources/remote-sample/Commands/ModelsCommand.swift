// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import ArgumentParser
import RemoteNodes
import TritonClient

/// What the server has.
struct ModelsCommand: InterruptibleCommand {
  static let configuration = CommandConfiguration(
    commandName: "models",
    abstract: "List the server's checkpoints and models.",
    discussion: """
      A checkpoint is a set of models that make pictures together; each model plays one role in it. Shapes \
      include the batch, * stands for any size.
      """)

  @OptionGroup(title: "Server") var server: ServerOptions
  @OptionGroup(title: "Report") var report: ReportOptions

  /// Seconds that the listing may take unless --timeout says otherwise.
  private static let usualTime = 60.0

  func run() async throws {
    let console = report.console
    let deadline = Deadline(seconds: server.timeout ?? Self.usualTime)
    let listing = try await Session.run(server, deadline: deadline, console: console, position: { nil }) {
      session in
      try await session.surviving { try await ModelListing.fetch(from: session) }
    }
    if report.json {
      console.result(try Report.json(listing))
    } else {
      ModelListing.lines(listing).forEach(console.result)
    }
  }
}
