// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import RemoteNodes
import Testing

@Suite("Workflows and listings on the command line", .serialized)
struct CommandLineRunTests {
  private static let name = "workflow.json"

  private func command(running workflow: Data, _ arguments: String...) async throws -> Command {
    var command = try Command(url: try await TestServer.url())
    command.arguments = ["run", Self.name] + arguments + command.arguments
    try workflow.write(to: command.folder.appendingPathComponent(Self.name))
    return command
  }

  private func workflow(_ change: (inout Workflow.TextToImage) -> Void = { _ in }) -> Data {
    var settings = Workflow.TextToImage(prompt: "a red circle", checkpoint: "shapes")
    (settings.steps, settings.width, settings.height, settings.seed) = (4, 128, 128, 11)
    settings.filenamePrefix = "circle"
    change(&settings)
    return Workflow.textToImage(settings).json()
  }

  private func bytes(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  @Test("A workflow writes its pictures and prints their paths; the workflow inside a picture makes it again")
  func run() async throws {
    let first = try await command(running: workflow())
    let outcome = try await first.run()
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(first.files() == ["output/circle_00001_.png", Self.name])
    #expect(outcome.paths.count == 1)
    #expect(outcome.errors.contains("KSampler (node 3): step 2/4"))
    let png = try bytes(outcome.paths[0])
    let inside = try #require(try Picture.texts(png: png).first { $0.keyword == "prompt" }?.value)

    let again = try await command(running: Data(inside.utf8), "--output", "again", "--quiet")
    let repeated = try await again.run()
    #expect(repeated.status == 0)
    #expect(repeated.errors == "")
    #expect(try Picture(png: bytes(repeated.paths[0])) == Picture(png: png))
  }

  @Test("The same settings make the same picture through generate and run")
  func sameAsGenerate() async throws {
    let run = try await command(running: workflow(), "--quiet")
    let generate = try Command(
      "a red circle", "--steps", "4", "--seed", "11", "--cfg", "8", "--quiet", url: try await TestServer.url()
    )
    let (one, other) = (try await run.run(), try await generate.run())
    #expect(one.status == 0 && other.status == 0)
    #expect(
      try Picture(png: bytes(try #require(one.paths.first)))
        == Picture(png: bytes(try #require(other.paths.first))))
  }

  @Test("A dash reads the workflow from standard input; a batch writes several pictures")
  func standardInput() async throws {
    var command = try await command(running: workflow { $0.batchSize = 2 })
    command.arguments[1] = "-"
    command.prelude = "exec < \(Self.name)"
    let outcome = try await command.run()
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(command.files() == ["output/circle_00001_.png", "output/circle_00002_.png", Self.name])
  }

  struct WorkflowRun: Decodable {
    struct Picture: Decodable { var path, node: String, width, height: Int }
    struct Timings: Decodable { var server: Double, step: Double?, total: Double }
    var workflow: String
    var pictures: [Picture]
    var timings: Timings
    var servers: [String]
    var outages: Int
    var warnings: [String]
  }

  @Test("--json names the node of every picture")
  func json() async throws {
    let outcome = try await command(running: workflow(), "--json").run()
    #expect(outcome.status == 0)
    let made = try JSONDecoder().decode(WorkflowRun.self, from: Data(outcome.output.utf8))
    #expect(made.workflow == Self.name)
    #expect(made.pictures.map(\.node) == ["9"])
    #expect(made.pictures.first?.width == 128)
    #expect(made.timings.total > (try #require(made.timings.step)))
    #expect(made.servers == [try await TestServer.url()])
    #expect(made.outages == 0)
    #expect(made.warnings == [])
  }

  @Test("What is wrong with a workflow is bad usage and told with its node, before anything runs")
  func refused() async throws {
    let text = String(decoding: workflow(), as: UTF8.self)
    let cases = [
      ("\"KSampler\"", "\"KSamplr\"", "KSampl"),
      ("\"steps\": 4", "\"steps\": 0", "steps"),
      ("\"width\": 128", "\"width\": 100", "width"),
      ("\"euler\"", "\"eular\"", "eular"),
      ("\"normal\"", "\"norml\"", "norml"),
      ("\"shapes\"", "\"shaps\"", "did you mean \"shapes\"?"),
    ]
    for (old, new, told) in cases {
      let broken = text.replacingOccurrences(of: old, with: new)
      try #require(broken != text, "the workflow has \(old)")
      let command = try await command(running: Data(broken.utf8))
      let outcome = try await command.run()
      #expect(outcome.status == 64, "\(new): \(outcome.errors)")
      #expect(outcome.errorLines.count == 1)
      #expect(outcome.failure?.contains("node") == true && outcome.failure?.contains(told) == true)
      #expect(command.files() == [Self.name])
    }
  }

  @Test("models lists checkpoints, roles, versions, states and shapes")
  func models() async throws {
    let outcome = try await Command("models", url: try await TestServer.url()).run()
    #expect(outcome.status == 0)
    #expect(outcome.errors == "")
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.first?.hasPrefix("server \(try await TestServer.url()): triton 2.") == true)
    for line in [
      "checkpoint shapes (sd1)",
      "  denoiser: shapes_unet, version 1, ready",
      "    in   sample FP32 [*, 4, *, *]",
      "    out  noise_pred FP32 [*, 4, *, *]",
      "  tokenizer: shapes_tokenizer, version 1, ready",
    ] {
      #expect(lines.contains { $0 == line }, "\(line)")
    }
  }

  struct Listing: Decodable {
    struct Tensor: Decodable { var name, dataType: String, shape: [Int] }
    struct Model: Decodable {
      var name, state: String
      var version, role, checkpoint: String?
      var inputs, outputs: [Tensor]
    }
    struct Checkpoint: Decodable { var name, family: String }
    var checkpoints: [Checkpoint]
    var models: [Model]
  }

  @Test("models --json says the same")
  func modelsJSON() async throws {
    let outcome = try await Command("models", "--json", url: try await TestServer.url()).run()
    #expect(outcome.status == 0)
    let listing = try JSONDecoder().decode(Listing.self, from: Data(outcome.output.utf8))
    #expect(listing.checkpoints.contains { $0.name == "shapes" && $0.family == "sd1" })
    let unet = try #require(listing.models.first { $0.name == "shapes_unet" })
    #expect((unet.version, unet.state, unet.role, unet.checkpoint) == ("1", "ready", "denoiser", "shapes"))
    #expect(unet.inputs.first { $0.name == "sample" }?.shape == [-1, 4, -1, -1])
    #expect(unet.outputs.map(\.dataType) == ["FP32"])
  }
}
