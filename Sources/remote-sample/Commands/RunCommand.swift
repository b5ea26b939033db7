// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import ArgumentParser
import Foundation
import RemoteNodes
import TritonClient

/// A workflow that ComfyUI exported to its pictures.
struct RunCommand: InterruptibleCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a workflow in ComfyUI's API format.",
    discussion: """
      Export one in ComfyUI with "Export (API)", or take the one inside any picture made here. Its SaveImage nodes \
      write into the output folder; the paths are printed.
      """)

  @Argument(
    help: "The workflow's JSON file, or - for standard input.", completion: .file(extensions: ["json"]))
  var workflow: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The folder that pictures are written into.", valueName: "folder"))
  var output = OutputPlan.defaultFolder

  @OptionGroup(title: "Server") var server: ServerOptions
  @OptionGroup(title: "Report") var report: ReportOptions

  /// Seconds that a workflow may take unless --timeout says otherwise.
  private static let usualTime = 300.0

  func run() async throws {
    let console = report.console
    let begin = ContinuousClock.now
    let workflow = try Workflow(json: try Self.read(self.workflow))
    let deadline = Deadline(seconds: server.timeout ?? Self.usualTime)
    let progress = RunProgress(console: console)
    let command = self
    try await Session.run(
      server, deadline: deadline, console: console, position: { progress.position }
    ) { session in
      var made = try await command.run(workflow, session: session, console: console, progress: progress)
      made.timings.total = (ContinuousClock.now - begin) / .seconds(1)
      console.note("done in \(ProgressLine.seconds(made.timings.total))")
      if command.report.json { console.result(try Report.json(made)) }
    }
  }

  private func run(
    _ workflow: Workflow, session: Session, console: Console, progress: RunProgress
  ) async throws -> Report.WorkflowRun {
    let catalog = try await session.surviving { try await ModelCatalog.load(from: session.client) }
    let folder = URL(fileURLWithPath: output)
    let runner = GraphRunner(
      client: session.client, catalog: catalog, outputDirectory: folder, recovery: session.recovery)
    do {
      try runner.validate(workflow)
    } catch {
      throw catalog.explaining(error)
    }
    try PictureFiles.prepareFolder(folder)
    console.note("\(self.workflow) on \(session.place): \(workflow.nodes.count) nodes")
    let notices = Notices()
    let viewer = report.json ? nil : PictureViewer(console: console)
    let prints = !report.json
    let result = try await runner.run(workflow) { event in
      switch event {
      case .nodeStarted(let node, let classType):
        progress.begin("\(classType) (node \(node))")
      case .progress(_, let step, let totalSteps, let timePerStep):
        progress.finish(step: step, of: totalSteps, meanSeconds: timePerStep / .seconds(1))
      case .warning(let node, let message):
        if notices.add(message) { console.warning("node \(node): \(message)") }
      case .imageSaved(let image):
        viewer?.show(path: image.path)
        if prints { console.result(image.path) }
      case .waiting(_, let reason): session.outages.waiting(reason: reason)
      case .resumed(_, let time): session.outages.resumed(after: time)
      default: break
      }
    }
    return Report.WorkflowRun(
      workflow: self.workflow,
      pictures: result.images.map {
        Report.NodePicture(path: $0.path, node: $0.nodeID, width: $0.width, height: $0.height)
      },
      server: try await session.report(), servers: session.servers.all, outages: session.outages.count,
      timings: Report.Timings(server: session.startSeconds, step: progress.secondsPerStep, total: 0),
      warnings: notices.all)
  }

  /// The bytes of a file, or of standard input for "-".
  private static func read(_ path: String) throws -> Data {
    if path == "-" { return FileHandle.standardInput.readDataToEndOfFile() }
    do {
      return try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw Failure(.usage, "the workflow \(path) cannot be read: \(PictureFiles.reason(of: error))")
    }
  }
}
