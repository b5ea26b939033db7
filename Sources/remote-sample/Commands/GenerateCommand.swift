// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import ArgumentParser
import Foundation
import RemoteNodes
import TritonClient

/// One prompt to one or several pictures.
struct GenerateCommand: InterruptibleCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Make a picture from a prompt.",
    discussion: """
      Writes PNG files, each with its workflow inside, and prints their paths. On a terminal the picture is \
      shown too (kitty, iTerm2 or sixel graphics, else coloured half blocks; set NO_COLOR to see none).
      """)

  @Argument(help: "What the picture shall show. An empty prompt leaves it to the model.")
  var prompt: String

  @OptionGroup(title: "Picture") var options: GenerateOptions
  @OptionGroup(title: "Server") var server: ServerOptions
  @OptionGroup(title: "Report") var report: ReportOptions

  /// Seconds that one picture may take unless --timeout says otherwise.
  static let timePerPicture = 300.0

  func run() async throws {
    let console = report.console
    let begin = ContinuousClock.now
    let plan = try OutputPlan(option: options.output, count: options.count)
    let deadline = Deadline(seconds: server.timeout ?? Self.timePerPicture * Double(options.count))
    let progress = RunProgress(console: console)
    let request = self
    try await Session.run(
      server, deadline: deadline, console: console, position: { progress.position }
    ) { session in
      let generation = try await Generation(request, session: session, console: console, progress: progress)
      var made = try await generation.pictures(into: plan, showing: request.showsPictures)
      made.timings.total = (ContinuousClock.now - begin) / .seconds(1)
      console.note("done in \(ProgressLine.seconds(made.timings.total))")
      if request.report.json { console.result(try Report.json(made)) }
    }
  }

  /// Paths are printed, and pictures shown, as they are finished; JSON comes at the end, by itself.
  private var showsPictures: Bool { !report.json }
}
