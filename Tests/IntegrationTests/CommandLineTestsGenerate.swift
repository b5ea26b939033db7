// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import RemoteNodes
import Testing

/// The command against the real server that all integration tests share.
@Suite("From a prompt to a picture", .serialized)
struct CommandLineGenerateTests {
  private func command(_ arguments: String...) async throws -> Command {
    var command = try Command(url: try await TestServer.url())
    command.arguments = arguments + command.arguments
    return command
  }

  private func picture(_ path: String, in command: Command) throws -> Picture {
    let url = path.hasPrefix("/") ? URL(fileURLWithPath: path) : command.folder.appendingPathComponent(path)
    return try Picture(png: Array(try Data(contentsOf: url)))
  }

  private func workflow(in path: String) throws -> String {
    let texts = try Picture.texts(png: Array(try Data(contentsOf: URL(fileURLWithPath: path))))
    return try #require(texts.first { $0.keyword == "prompt" }?.value)
  }

  @Test("One prompt, one path on standard output, the picture with its workflow, few plain lines")
  func onePicture() async throws {
    let command = try await command("a red circle on a blue background", "--steps", "8", "--seed", "7")
    let outcome = try await command.run()
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.paths.count == 1)
    #expect(command.files() == ["output/remote-sample_00001_.png"])
    #expect(outcome.paths.first?.hasSuffix("output/remote-sample_00001_.png") == true)
    let picture = try picture(outcome.paths[0], in: command)
    #expect((picture.width, picture.height) == (128, 128))
    let workflow = try workflow(in: outcome.paths[0])
    #expect(workflow.contains("a red circle on a blue background"))
    #expect(workflow.contains("\"seed\": 7"))
    #expect(!outcome.errors.contains("\u{1B}") && !outcome.errors.contains("\r"))
    #expect(!outcome.output.contains("\u{1B}"))
    #expect(outcome.errorLines.count == 5, "start, three quarters, done: \(outcome.errors)")
    #expect(outcome.errorLines.first?.contains("8 steps, euler normal") == true)
    #expect(outcome.errors.contains("picture: step 4/8, "))
    #expect(outcome.errorLines.last?.contains("done in ") == true)
  }

  @Test("A random seed is told, and gives the same picture again")
  func randomSeed() async throws {
    let first = try await command("a green star", "--steps", "3", "--output", "first.png")
    let told = try await first.run()
    let seed = try #require(told.errors.firstMatch(of: /seed (\d+)/)?.1)
    let second = try await command(
      "a green star", "--steps", "3", "--output", "second.png", "--seed", String(seed))
    let other = try await command(
      "a green star", "--steps", "3", "--output", "other.png", "--seed", "\(seed)1")
    #expect(try await second.run().status == 0)
    #expect(try await other.run().status == 0)
    let pictures = (try picture("first.png", in: first), try picture("second.png", in: second))
    #expect(pictures.0 == pictures.1)
    #expect(try picture("other.png", in: other) != pictures.0)
  }

  @Test("--count takes the seeds that follow, around the end of the range, into numbered files")
  func count() async throws {
    let command = try await command(
      "a blue square", "--steps", "2", "--count", "3", "--seed", "18446744073709551615", "--output",
      "square.png")
    let outcome = try await command.run()
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(command.files() == ["square-1.png", "square-2.png", "square-3.png"])
    #expect(outcome.paths.map { URL(fileURLWithPath: $0).lastPathComponent } == command.files())
    let seeds = try outcome.paths.map { try workflow(in: $0) }
    #expect(seeds[0].contains("\"seed\": 18446744073709551615"))
    #expect(seeds[1].contains("\"seed\": 0"))
    #expect(seeds[2].contains("\"seed\": 1"))
    #expect(outcome.errors.contains("picture 2/3: step 1/2"))
  }

  @Test("A folder's pictures are numbered after those there; a named file is replaced")
  func output() async throws {
    let folder = try await command("a cat", "--steps", "1", "--count", "2", "--output", "pictures")
    #expect(try await folder.run().status == 0)
    #expect(try await folder.run().status == 0)
    #expect(folder.files() == (1...4).map { "pictures/remote-sample_0000\($0)_.png" })

    let file = try await command("a cat", "--steps", "1", "--output", "cat.png")
    let path = file.folder.appendingPathComponent("cat.png")
    try Data("an older one".utf8).write(to: path)
    #expect(try await file.run().status == 0)
    #expect(file.files() == ["cat.png"])
    #expect(try picture("cat.png", in: file).width == 128)
  }

  @Test("Size, guidance, scheduler and negative prompt reach the workflow")
  func options() async throws {
    let command = try await command(
      "a cat", "--negative", "a dog", "--steps", "2", "--cfg", "3.5", "--scheduler", "karras", "--width",
      "64",
      "--height", "96", "--checkpoint", "models/SHAPES.safetensors", "--output", "cat.png", "--quiet")
    let outcome = try await command.run()
    #expect(outcome.status == 0)
    #expect(outcome.errors == "", "--quiet is silent")
    let picture = try picture("cat.png", in: command)
    #expect((picture.width, picture.height) == (64, 96))
    let workflow = try workflow(in: try #require(outcome.paths.first))
    for part in ["\"a dog\"", "\"cfg\": 3.5", "\"karras\"", "\"ckpt_name\": \"shapes\""] {
      #expect(workflow.contains(part), "\(workflow)")
    }
  }

  struct Generation: Decodable {
    struct Server: Decodable { var url, name, version: String, startedHere: Bool }
    struct Model: Decodable { var role, name: String, version: String? }
    struct Picture: Decodable { var path: String, seed: UInt64, width, height: Int, seconds: Double }
    struct Timings: Decodable { var server: Double, step: Double?, total: Double }
    var pictures: [Picture]
    var prompt, negative, checkpoint, sampler, scheduler: String
    var steps: Int
    var cfg: Double
    var server: Server
    var models: [Model]
    var timings: Timings
    var warnings: [String]
  }

  @Test("--json puts one object on standard output and nothing else")
  func json() async throws {
    let command = try await command(
      "a cat 字", "--steps", "3", "--count", "2", "--seed", "9007199254740993", "--output", "cat.png", "--json"
    )
    let outcome = try await command.run()
    #expect(outcome.status == 0)
    let made = try JSONDecoder().decode(Generation.self, from: Data(outcome.output.utf8))
    #expect(made.pictures.map(\.seed) == [9_007_199_254_740_993, 9_007_199_254_740_994])
    #expect(made.pictures.allSatisfy { FileManager.default.fileExists(atPath: $0.path) })
    #expect(made.pictures.allSatisfy { $0.width == 128 && $0.height == 128 && $0.seconds > 0 })
    #expect((made.prompt, made.checkpoint, made.steps) == ("a cat 字", "shapes", 3))
    #expect((made.sampler, made.scheduler) == ("euler", "normal"))
    #expect(made.server.name == "triton" && !made.server.startedHere)
    #expect(made.server.url == (try await TestServer.url()))
    #expect(
      Set(made.models.map(\.role)).isSuperset(of: ["text_encoder", "denoiser", "vae_decoder", "tokenizer"]))
    #expect(made.models.allSatisfy { $0.version == "1" && $0.name.hasPrefix("shapes_") })
    let step = try #require(made.timings.step)
    #expect(step > 0 && made.timings.total > 6 * step)
    #expect(made.warnings.count == 1)
    #expect(made.warnings.first?.contains("\"字\"") == true)
  }

  @Test("Characters outside the vocabulary are named once, and the picture is made")
  func unknownCharacters() async throws {
    let command = try await command("a 🙂 circle, 字, 🙂", "--steps", "2", "--count", "2", "--output", "c.png")
    let outcome = try await command.run()
    #expect(outcome.status == 0)
    #expect(command.files() == ["c-1.png", "c-2.png"])
    let warnings = outcome.errorLines.filter { $0.hasPrefix("remote-sample: warning: ") }
    #expect(warnings.count == 1)
    #expect(warnings.first?.contains("\"🙂\"") == true && warnings.first?.contains("\"字\"") == true)
  }

  @Test("Without a prompt the picture is the model's own choice, and that is said", arguments: ["", "  \t "])
  func emptyPrompt(_ prompt: String) async throws {
    let command = try await command(prompt, "--steps", "2", "--output", "any.png")
    let outcome = try await command.run()
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errorLines.count { $0.contains("the prompt is empty") } == 1)
    #expect(command.files() == ["any.png"])
  }

  @Test(
    "A prompt that looks like something else",
    arguments: [
      ["generate", "models"], ["generate", "run"], ["--", "-1 degrees"], ["generate", "--", "--help"],
    ])
  func oddPrompts(_ arguments: [String]) async throws {
    var command = try await command()
    command.arguments += ["--steps", "1", "--output", "odd.png", "--quiet"]
    // Options go before "--", and a subcommand's name before them.
    let isNamed = arguments.first == "generate"
    command.arguments =
      (isNamed ? ["generate"] : []) + command.arguments + (isNamed ? Array(arguments.dropFirst()) : arguments)
    let outcome = try await command.run()
    #expect(outcome.status == 0, "\(outcome.errors)")
    let prompt = try #require(arguments.last)
    #expect(try workflow(in: try #require(outcome.paths.first)).contains("\"\(prompt)\""))
  }

  @Test("An unknown checkpoint is bad usage, with the nearest that there is")
  func unknownCheckpoint() async throws {
    let command = try await command("a cat", "--checkpoint", "shaps")
    let outcome = try await command.run()
    #expect(outcome.status == 64)
    #expect(outcome.errorLines.count == 1)
    #expect(outcome.failure?.contains("has no checkpoint \"shaps\": did you mean \"shapes\"?") == true)
    #expect(outcome.failure?.contains(try await TestServer.url()) == true)
    #expect(command.files() == [])
  }

  @Test("A live server that does not make it in time: try again, with server and step, no file")
  func timeout() async throws {
    let command = try await command("a cat", "--steps", "10000", "--timeout", "1.5", "--output", "cat.png")
    let outcome = try await command.run()
    #expect(outcome.status == 75)
    let failure = try #require(outcome.failure)
    #expect(failure.contains("not done within 1.5 s (--timeout)"))
    #expect(failure.contains(try await TestServer.url()))
    #expect(failure.firstMatch(of: /step \d+\/10000/) != nil)
    #expect(outcome.seconds < 20)
    #expect(command.files() == [])
  }

  @Test("A full disk: internal error that names the file, nothing left", arguments: ["cat.png", "pictures/"])
  func fullDisk(_ output: String) async throws {
    var command = try await command("a cat", "--steps", "2", "--output", output)
    // Files of more than 1 KiB cannot be written: what the write meets is what a full disk is to it.
    command.prelude = "ulimit -f 2"
    let outcome = try await command.run()
    #expect(outcome.status == 70, "\(outcome.errors)")
    let failure = try #require(outcome.failure)
    #expect(
      failure.contains(
        output == "cat.png" ? "/cat.png cannot be written" : "/pictures/remote-sample_00001_.png"))
    #expect(command.files() == [])
    let left = try FileManager.default.contentsOfDirectory(atPath: command.folder.path)
    #expect(left == (output == "cat.png" ? [] : ["pictures"]))
  }

  @Test(
    "A place that cannot be written into is refused before the work", arguments: ["taken/cat.png", "taken/"])
  func impossibleOutput(_ output: String) async throws {
    let command = try await command("a cat", "--steps", "10000", "--output", output)
    try Data().write(to: command.folder.appendingPathComponent("taken"))
    let outcome = try await command.run()
    #expect(outcome.status == 70)
    #expect(outcome.failure?.contains("cannot write into ") == true, "\(outcome.errors)")
    #expect(command.files() == ["taken"])
  }

  @Test("Interrupted: 130 and no file")
  func interrupted() async throws {
    let command = try await command("a cat", "--steps", "10000", "--output", "cat.png")
    let outcome = try await command.run { line, process in
      if line.contains("10000 steps") { kill(process, SIGINT) }
    }
    #expect(outcome.status == 130)
    #expect(outcome.failure == "remote-sample: error: interrupted")
    #expect(outcome.output == "")
    #expect(command.files() == [])
  }
}
