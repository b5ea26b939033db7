// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import RemoteNodes
import TritonClient

/// A `generate` command that has met its server: every choice is made, the pictures are not.
struct Generation: Sendable {
  private let command: GenerateCommand
  private let session: Session
  private let console: Console
  private let progress: RunProgress
  private let catalog: ModelCatalog
  private let pipeline: Pipeline
  private let firstSeed: UInt64
  private let notices = Notices()

  /// Random seeds stay below 2⁵³, so that programs that read JSON numbers as doubles keep every digit.
  private static let randomSeeds: Range<UInt64> = 0..<(1 << 53)

  /// Asks the server what it has and settles what the options left open.
  init(
    _ command: GenerateCommand, session: Session, console: Console, progress: RunProgress
  ) async throws {
    self.command = command
    self.session = session
    self.console = console
    self.progress = progress
    catalog = try await session.surviving { try await ModelCatalog.load(from: session.client) }
    pipeline = try Self.pipeline(command.options.checkpoint, in: catalog)
    firstSeed = command.options.seed ?? .random(in: Self.randomSeeds)
  }

  private static func pipeline(_ name: String?, in catalog: ModelCatalog) throws -> Pipeline {
    if let name {
      do { return try catalog.pipeline(named: name) } catch { throw catalog.explaining(error) }
    }
    guard let first = catalog.pipelines.first else {
      throw catalog.explaining(
        GraphError(
          .missingModel,
          "the server \(catalog.server) has no checkpoint; 'remote-sample models' lists what it has"))
    }
    return first
  }

  private var count: Int { command.options.count }

  /// What the workflow is made from: what the options leave open is the checkpoint's own, else the usual.
  private func settings(seed: UInt64) -> Workflow.TextToImage {
    let options = command.options
    var settings = Workflow.TextToImage(prompt: command.prompt, checkpoint: pipeline.name)
    settings.negative = options.negative
    settings.steps = options.steps ?? pipeline.defaultSteps ?? settings.steps
    settings.cfg = options.cfg ?? pipeline.defaultCFG ?? settings.cfg
    settings.seed = seed
    settings.sampler = options.sampler
    settings.scheduler = options.scheduler
    settings.width = options.width ?? pipeline.defaultWidth ?? settings.width
    settings.height = options.height ?? pipeline.defaultHeight ?? settings.height
    settings.filenamePrefix = Console.program
    return settings
  }

  /// Makes all pictures, one after another, and tells about each when it is there.
  ///
  /// - Parameters:
  ///   - plan: where they go.
  ///   - printing: whether paths go to standard output, and pictures to its terminal, as they come.
  func pictures(into plan: OutputPlan, showing printing: Bool) async throws -> Report.Generation {
    if case .folder(let folder) = plan { try PictureFiles.prepareFolder(folder) }
    announce()
    let viewer = printing ? PictureViewer(console: console) : nil
    var pictures: [Report.Picture] = []
    for index in 0..<count {
      let picture = try await picture(index, into: plan)
      pictures.append(picture)
      viewer?.show(path: picture.path)
      if printing { console.result(picture.path) }
    }
    return try await report(of: pictures)
  }

  private func announce() {
    let settings = settings(seed: firstSeed)
    let what = count == 1 ? "1 picture" : "\(count) pictures"
    console.note(
      "\(what) of \(settings.width)×\(settings.height) with \(pipeline.name) on \(session.place): "
        + "\(settings.steps) steps, \(settings.sampler) \(settings.scheduler), cfg \(settings.cfg), "
        + "seed \(firstSeed)")
    if command.prompt.allSatisfy(\.isWhitespace) {
      console.note("the prompt is empty: what the picture shows is left to the model")
    }
  }

  private func picture(_ index: Int, into plan: OutputPlan) async throws -> Report.Picture {
    let settings = settings(seed: firstSeed &+ UInt64(index))
    let label = count == 1 ? "picture" : "picture \(index + 1)/\(count)"
    progress.begin(label, steps: settings.steps, stepsAhead: settings.steps * (count - 1 - index))
    let begin = ContinuousClock.now
    let path: String
    let image: SavedImage
    switch plan {
    case .folder(let folder):
      image = try await run(settings, folder: folder)
      path = image.path
    case .files(let files):
      path = files[index].path
      image = try await PictureFiles.staged(for: files[index]) { folder in
        let image = try await run(settings, folder: folder)
        return (image.url, image)
      }
    }
    return Report.Picture(
      path: path, seed: settings.seed, width: image.width, height: image.height,
      seconds: (ContinuousClock.now - begin) / .seconds(1), servers: session.servers.takeLatest())
  }

  private func run(_ settings: Workflow.TextToImage, folder: URL) async throws -> SavedImage {
    let runner = GraphRunner(
      client: session.client, catalog: catalog, outputDirectory: folder, recovery: session.recovery)
    let workflow = Workflow.textToImage(settings)
    do { try runner.validate(workflow) } catch { throw catalog.explaining(error) }
    let result = try await runner.run(workflow) { event in
      switch event {
      case .progress(_, let step, let totalSteps, let timePerStep):
        progress.finish(step: step, of: totalSteps, meanSeconds: timePerStep / .seconds(1))
      case .warning(_, let message):
        if notices.add(message) { console.warning(message) }
      case .waiting(_, let reason): session.outages.waiting(reason: reason)
      case .resumed(_, let time): session.outages.resumed(after: time)
      default: break
      }
    }
    guard let image = result.images.first else {
      throw Failure(.software, "the workflow ended without a picture")
    }
    return image
  }

  private func report(of pictures: [Report.Picture]) async throws -> Report.Generation {
    let settings = settings(seed: firstSeed)
    return Report.Generation(
      pictures: pictures, prompt: settings.prompt, negative: settings.negative, checkpoint: pipeline.name,
      steps: settings.steps, cfg: settings.cfg, sampler: settings.sampler, scheduler: settings.scheduler,
      server: try await session.report(), servers: session.servers.all, outages: session.outages.count,
      models: try await session.models(of: pipeline),
      timings: Report.Timings(server: session.startSeconds, step: progress.secondsPerStep, total: 0),
      warnings: notices.all)
  }
}
