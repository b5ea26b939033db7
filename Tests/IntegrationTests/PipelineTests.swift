// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import RemoteNodes
import Testing
import TritonClient

@Suite("A prompt becomes a picture on a real server")
struct PipelineTests {
  private func request(
    _ change: (inout Workflow.TextToImage) -> Void = { _ in }
  ) -> Workflow {
    var picture = Workflow.TextToImage(
      prompt: "a red circle on a blue background", checkpoint: "shapes", steps: 4, cfg: 4, seed: 42,
      width: 128,
      height: 128, filenamePrefix: "test")
    change(&picture)
    return .textToImage(picture)
  }

  @Test("The catalog knows the pipeline, its roles and its facts")
  func catalog() async throws {
    let client = try InferenceServerClient(try await TestServer.url())
    let pipeline = try await ModelCatalog.load(from: client).pipeline(named: "shapes.safetensors")
    #expect(pipeline.family == "sd1")
    for role in [ModelRole.textEncoder, .tokenizer, .denoiser, .vaeDecoder] {
      #expect(pipeline.models[role]?.name.hasPrefix("shapes_") == true, "\(role)")
    }
    #expect(try pipeline.denoiserParameters().schedule == NoiseSchedule())
    #expect(try pipeline.denoiserParameters().latentFormat == .stableDiffusion1)
    #expect(pipeline.defaultWidth == 128)
    #expect(pipeline.defaultHeight == 128)
  }

  @Test("The picture is a PNG of the right size with its workflow inside, under a counting name")
  func picture() async throws {
    let studio = try await Studio()
    let workflow = request { $0.prompt = "a \"red\" circle, é" }
    let first = try await studio.runner.run(workflow).images
    let second = try await studio.runner.run(workflow).images
    #expect(first.map(\.url.lastPathComponent) == ["test_00001_.png"])
    #expect(second.map(\.url.lastPathComponent) == ["test_00002_.png"])
    let image = try #require(first.first)
    #expect(image.nodeID == "9")
    let png = Array(try Data(contentsOf: image.url))
    #expect(try Picture(png: png).width == 128)
    #expect(image.height == 128)
    let texts = try Picture.texts(png: png)
    #expect(texts.map(\.keyword) == ["prompt"])
    #expect(try Workflow(json: Data(try #require(texts.first).value.utf8)) == workflow)
    let again = try Studio.read(try #require(second.first).url)
    #expect(largestDifference(try Picture(png: png), again) <= Studio.tolerance)
    #expect(try studio.filesLeft().sorted() == ["test_00001_.png", "test_00002_.png"])
  }

  @Test("The run tells every node and every step")
  func events() async throws {
    let studio = try await Studio()
    let log = EventLog()
    _ = try await studio.runner.run(request()) { log.add($0) }
    var started: [String] = []
    var finished: [String] = []
    var steps: [Int] = []
    var saved = 0
    for event in log.events {
      switch event {
      case .nodeStarted(let id, _): started.append(id)
      case .nodeFinished(let id, _): finished.append(id)
      case .progress(let id, let step, let total, let time):
        #expect(id == "3" && total == 4 && time > .zero)
        steps.append(step)
      case .imageSaved: saved += 1
      case .warning(_, let message): Issue.record("\(message)")
      case .waiting(_, let reason): Issue.record("\(reason)")
      case .resumed: Issue.record("a run on a server that is there has nothing to wait for")
      }
    }
    #expect(started == ["4", "6", "7", "5", "3", "8", "9"])
    #expect(finished == started)
    #expect(steps == [1, 2, 3, 4])
    #expect(saved == 1)
  }

  @Test("Seed, prompt and guidance matter; at scale 1 the negative prompt does not")
  func inputsMatter() async throws {
    let studio = try await Studio()
    func picture(_ change: (inout Workflow.TextToImage) -> Void) async throws -> Picture {
      try #require(try await studio.pictures(request(change)).first)
    }
    let base = try await picture { _ in }
    let sameLowBits = try await picture { $0.seed = 1 << 32 + 42 }
    let otherSeed = try await picture { $0.seed = 43 }
    let otherPrompt = try await picture { $0.prompt = "a yellow star on a black background" }
    let otherNegative = try await picture { $0.negative = "a blue square" }
    #expect(largestDifference(base, sameLowBits) <= Studio.tolerance)
    #expect(largestDifference(base, otherSeed) > Studio.tolerance)
    #expect(largestDifference(base, otherPrompt) > Studio.tolerance)
    #expect(largestDifference(base, otherNegative) > Studio.tolerance)
    let unguided = try await picture { $0.cfg = 1 }
    let unguidedNegative = try await picture {
      $0.cfg = 1
      $0.negative = "a blue square"
    }
    #expect(largestDifference(unguided, unguidedNegative) <= Studio.tolerance)
  }

  @Test("Every scheduler runs", arguments: Scheduler.known)
  func schedulers(scheduler: Scheduler) async throws {
    let studio = try await Studio()
    let pictures = try await studio.pictures(request { $0.scheduler = scheduler.name })
    #expect(pictures.count == 1)
  }

  @Test("A batch beyond the model's is split, and each picture is what it would be alone")
  func batches() async throws {
    let studio = try await Studio()
    let batch = try await studio.pictures(
      request {
        $0.batchSize = 5
        $0.steps = 2
      })
    #expect(batch.count == 5)
    // Noise of a batch is drawn at once: the first picture's is the one of the seed alone.
    let alone = try await studio.pictures(request { $0.steps = 2 })
    #expect(largestDifference(try #require(batch.first), try #require(alone.first)) <= Studio.tolerance)
    #expect(largestDifference(batch[0], batch[4]) > Studio.tolerance)
  }

  @Test("A long prompt goes with a short negative one")
  func longPrompt() async throws {
    let studio = try await Studio()
    let short = try await studio.pictures(request())
    let long = try await studio.pictures(
      request { $0.prompt = String(repeating: "a red circle on a blue background, ", count: 12) })
    #expect(largestDifference(try #require(long.first), try #require(short.first)) > Studio.tolerance)
  }

  @Test("Sizes other than the default, not square")
  func sizes() async throws {
    let studio = try await Studio()
    let picture = try #require(
      try await studio.pictures(
        request {
          $0.width = 192
          $0.height = 64
        }
      ).first)
    #expect(picture.width == 192)
    #expect(picture.height == 64)
  }

  @Test("A prompt outside the vocabulary and an empty one make pictures; the first with a warning")
  func oddPrompts() async throws {
    let studio = try await Studio()
    let log = EventLog()
    let strange = request { $0.prompt = "красный 🔴 circle" }
    #expect(try await studio.runner.run(strange) { log.add($0) }.images.count == 1)
    let warnings = log.events.compactMap { event -> String? in
      if case .warning("6", let message) = event { message } else { nil }
    }
    #expect(warnings.count == 1)
    #expect(warnings.first?.contains("\"🔴\"") == true)
    #expect(try await studio.runner.run(request { $0.prompt = "" }).images.count == 1)
  }

  @Test("A tokenizer is fetched once; a damaged copy on the disk heals itself")
  func tokenizerStore() async throws {
    let studio = try await Studio()
    let model = try studio.runner.catalog.pipeline(named: "shapes").model(for: .tokenizer)
    let store = studio.runner.tokenizers
    let tokens = try await store.tokenizer(of: model, from: studio.client).tokens(in: "a red circle")
    let hash = try #require(model.parameters["sha256"])
    let folder = try #require(store.folder).appendingPathComponent(hash)
    let vocabulary = folder.appendingPathComponent("vocab.json")
    #expect(FileManager.default.fileExists(atPath: vocabulary.path))

    // With the files on the disk no server is needed.
    let nobody = try InferenceServerClient("grpc://127.0.0.1:9", configuration: .init(retry: .never))
    #expect(try await store.tokenizer(of: model, from: nobody).tokens(in: "a red circle") == tokens)

    try Data("{}".utf8).write(to: vocabulary)
    await #expect(throws: InferenceError.self) { try await store.tokenizer(of: model, from: nobody) }
    #expect(try await store.tokenizer(of: model, from: studio.client).tokens(in: "a red circle") == tokens)
    #expect(try Data(contentsOf: vocabulary).count > 1000)
  }
}
