// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import RemoteNodes
import Testing
import TritonClient

@Suite("Workflows of other shapes than the usual one")
struct GraphTests {
  private func run(_ json: String, in studio: Studio) async throws -> GraphResult {
    try await studio.runner.run(try Workflow(json: Data(json.utf8)))
  }

  private let loader =
    #""ckpt": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "sd/Shapes.ckpt"}}"#
  private let prompt =
    #""p": {"class_type": "CLIPTextEncode", "inputs": {"text": "a red circle", "clip": ["ckpt", 1]}}"#
  private let latent =
    #""l": {"class_type": "EmptyLatentImage", "inputs": {"width": "64", "height": 64, "batch_size": 1}}"#

  private func sampler(_ id: String, seed: Int, latent: String, denoise: Double) -> String {
    """
    "\(id)": {"class_type": "KSampler", "inputs": {"model": ["ckpt", 0], "seed": \(seed), "steps": 3, "cfg": 2.5,
      "sampler_name": "euler", "scheduler": "karras", "positive": ["p", 0], "negative": ["p", 0],
      "latent_image": ["\(latent)", 0], "denoise": \(denoise)}}
    """
  }

  private func saving(_ id: String, samples: String, prefix: String) -> String {
    """
    "\(id)d": {"class_type": "VAEDecode", "inputs": {"samples": ["\(samples)", 0], "vae": ["ckpt", 2]}},
    "\(id)": {"class_type": "SaveImage", "inputs": {"images": ["\(id)d", 0], "filename_prefix": "\(prefix)"}}
    """
  }

  @Test("Two samplers in a row, two outputs, one shared sampler")
  func chain() async throws {
    let studio = try await Studio()
    let result = try await run(
      """
      {\(loader), \(prompt), \(latent), \(sampler("a", seed: 1, latent: "l", denoise: 1)),
       \(sampler("b", seed: 2, latent: "a", denoise: 0.5)), \(saving("s1", samples: "a", prefix: "sub/first")),
       \(saving("s2", samples: "b", prefix: "second"))}
      """, in: studio)
    #expect(Set(result.images.map(\.url.lastPathComponent)) == ["first_00001_.png", "second_00001_.png"])
    let pictures = try result.images.map { try Studio.read($0.url) }
    #expect(pictures.map(\.width) == [64, 64])
    #expect(largestDifference(pictures[0], pictures[1]) > Studio.tolerance)
  }

  @Test("denoise 0 leaves the latent as it is")
  func noDenoise() async throws {
    let studio = try await Studio()
    let result = try await run(
      """
      {\(loader), \(prompt), \(latent), \(sampler("a", seed: 1, latent: "l", denoise: 1)),
       \(sampler("b", seed: 2, latent: "a", denoise: 0)), \(saving("s1", samples: "a", prefix: "x")),
       \(saving("s2", samples: "b", prefix: "y"))}
      """, in: studio)
    let pictures = try result.images.map { try Studio.read($0.url) }
    #expect(pictures.count == 2)
    #expect(largestDifference(pictures[0], pictures[1]) <= Studio.tolerance)
  }

  @Test("Two nodes of the same class and inputs run once")
  func sharedPrompt() async throws {
    let studio = try await Studio()
    let log = EventLog()
    let twin = prompt.replacing("\"p\"", with: "\"q\"")
    let sampler = sampler("a", seed: 1, latent: "l", denoise: 1)
      .replacing("\"negative\": [\"p\"", with: "\"negative\": [\"q\"")
    let json =
      "{\(loader), \(prompt), \(twin), \(latent), \(sampler), \(saving("s", samples: "a", prefix: "x"))}"
    let workflow = try Workflow(json: Data(json.utf8))
    #expect(workflow.nodes.count { $0.classType == "CLIPTextEncode" } == 2)
    _ = try await studio.runner.run(workflow) { log.add($0) }
    let encoded = log.events.filter {
      if case .nodeStarted(_, "CLIPTextEncode") = $0 { true } else { false }
    }
    #expect(encoded.count == 1)
  }

  @Test("A pipeline without a VAE is refused before anything runs")
  func missingModel() async throws {
    let studio = try await Studio()
    let full = studio.runner.catalog
    let models = try full.pipeline(named: "shapes").models.values.filter {
      $0.parameters["role"] != "vae_decoder"
    }
    let catalog = ModelCatalog(server: full.server, models: Array(models))
    let runner = GraphRunner(
      client: studio.client, catalog: catalog, outputDirectory: studio.folder,
      tokenizers: studio.runner.tokenizers)
    let error = await #expect(throws: GraphError.self) {
      try await runner.run(.textToImage(.init(prompt: "", checkpoint: "shapes")))
    }
    #expect(error?.code == .missingModel)
    #expect(error?.description.contains("has no vae_decoder model") == true)
  }
}
