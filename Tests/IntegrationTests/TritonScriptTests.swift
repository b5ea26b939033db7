// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import LocalTriton
import Testing
import TritonClient

/// `scripts/triton`, which people use: one server of a checkout, started and stopped by separate commands.
@Suite struct TritonScriptTests {
  /// An environment like the checkout's, but with a state of its own: a server that a person runs is left alone.
  private final class Environment: Sendable {
    let folder: URL

    init() throws {
      let original = try TritonEnvironment.find().folder
      self.folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("remote-nodes-environment-\(UUID().uuidString)", isDirectory: true)
      try FileManager.default.createDirectory(at: self.folder, withIntermediateDirectories: true)
      for name in ["venv", "backends", "bin", "environment.json"] {
        try FileManager.default.createSymbolicLink(
          at: self.folder.appendingPathComponent(name),
          withDestinationURL: original.appendingPathComponent(name))
      }
    }

    deinit { try? FileManager.default.removeItem(at: self.folder) }

    /// Runs the script to its end.
    func run(_ arguments: String...) throws -> (status: Int32, output: String) {
      let process = Process()
      process.executableURL = TestServer.packageFolder.appendingPathComponent("scripts/triton")
      process.arguments = arguments
      process.environment = ProcessInfo.processInfo.environment
        .merging(["TRITON_ENVIRONMENT": self.folder.path]) { _, new in new }
      // A file, because the server that is left running holds on to a pipe's other end.
      let output = self.folder.appendingPathComponent("output-\(UUID().uuidString)")
      try Data().write(to: output)
      let handle = try FileHandle(forWritingTo: output)
      process.standardOutput = handle
      process.standardError = handle
      try process.run()
      process.waitUntilExit()
      return (process.terminationStatus, try String(contentsOf: output, encoding: .utf8))
    }
  }

  @Test func aServerIsStartedLookedAtAndStopped() async throws {
    let environment = try Environment()
    let repository = try ScratchRepository(model: "echo")
    #expect(try environment.run("status").status == 3)

    let start = try environment.run(
      "start", "--models", repository.url.path, "--grpc-port", "0", "--http-port", "0", "--metrics-port", "0")
    defer { _ = try? environment.run("stop") }
    #expect(start.status == 0, "\(start.output)")
    #expect(start.output.contains("echo 1 READY"))
    let url = try #require(start.output.split(separator: " ").first.map(String.init))
    #expect(try await InferenceServerClient(url).isModelReady("echo"))

    let again = try environment.run("start", "--models", repository.url.path)
    #expect(again.status == 0)
    #expect(again.output.contains("\(url) ") && again.output.contains("runs already"))

    let status = try environment.run("status")
    #expect(status.status == 0)
    for part in [url, repository.url.path, "ready", "echo 1 READY"] { #expect(status.output.contains(part)) }
    #expect(try environment.run("logs", "-n", "100").output.contains("Started GRPCInferenceService"))

    #expect(try environment.run("stop").output == "stopped\n")
    #expect(try environment.run("status").status == 3)
    #expect(try environment.run("stop").status == 0)
    #expect(Processes.mentioning(repository.url.path) == [])
  }

  @Test func aPortInUseAndAMissingRepositoryAreNamed() async throws {
    let environment = try Environment()
    let repository = try ScratchRepository(model: "echo")
    try await LocalTritonServer.withServer(repository.configuration()) { server in
      let port = try #require(URL(string: server.grpcURL)?.port)
      let start = try environment.run(
        "start", "--models", repository.url.path, "--grpc-port", "\(port)",
        "--http-port", "0", "--metrics-port", "0")
      #expect(start.status == 69)
      #expect(start.output.contains("port \(port) (grpc)"))
    }
    let start = try environment.run("start", "--models", "/no/such/models")
    #expect(start.status == 66)
    #expect(start.output.contains("/no/such/models"))
  }

  @Test func anIncompleteEnvironmentNamesTheScriptThatMakesIt() throws {
    let environment = try Environment()
    try FileManager.default.removeItem(at: environment.folder.appendingPathComponent("environment.json"))
    let start = try environment.run("start")
    #expect(start.status == 69)
    #expect(start.output.contains("scripts/setup"))
  }
}
