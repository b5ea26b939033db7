// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import LocalTriton
import Testing
import TritonClient

/// The command and servers of its own or of the test's own, which may be killed. Linux, like `LocalTriton`.
@Suite("The command starts, loses and stops servers", .serialized)
struct CommandLineLocalTritonTests {
  /// Marks the processes that a command started: they inherit it.
  private static let mark = "REMOTE_SAMPLE_TEST"

  /// A command that starts its own server, and the mark of its processes.
  private func command(_ arguments: String...) throws -> (command: Command, mark: String) {
    var command = try Command()
    command.arguments = arguments
    let mark = "\(Self.mark)=\(UUID().uuidString)"
    command.environment[Self.mark] = String(mark.dropFirst(Self.mark.count + 1))
    command.environment["TRITON_MODELS"] = TestServer.modelRepository.path
    return (command, mark)
  }

  /// The processes that carry a mark.
  private static func processes(_ mark: String) -> [pid_t] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { pid_t($0) }.filter { process in
      let environment = FileManager.default.contents(atPath: "/proc/\(process)/environ") ?? Data()
      return environment.split(separator: 0).contains { $0.elementsEqual(Array(mark.utf8)) }
    }
  }

  private static func isServer(_ process: pid_t) -> Bool {
    let line = FileManager.default.contents(atPath: "/proc/\(process)/cmdline") ?? Data()
    let program = line.split(separator: 0).first.map { String(decoding: $0, as: UTF8.self) } ?? ""
    return program.hasSuffix("tritonserver")
  }

  @Test("Without a server one is started, which is said, used and stopped")
  func startsServer() async throws {
    let (command, mark) = try command("a red circle", "--steps", "3", "--json")
    let usual = try InferenceServerClient("grpc://localhost:8001")
    defer { usual.close() }
    let isUsualReady = (try? await usual.isServerReady(options: CallOptions(timeout: .seconds(1)))) ?? false
    let outcome = try await command.run()
    #expect(outcome.status == 0, "\(outcome.errors)")
    let made = try JSONDecoder().decode(
      CommandLineGenerateTests.Generation.self, from: Data(outcome.output.utf8))
    #expect(made.server.startedHere != isUsualReady)
    #expect((made.server.url == "grpc://localhost:8001") == isUsualReady)
    #expect(outcome.errors.contains("starting a Triton on this machine") != isUsualReady)
    #expect(Self.processes(mark) == [])
  }

  @Test("--local --quiet starts one without a word")
  func quiet() async throws {
    let (command, mark) = try command("models", "--local", "--quiet")
    let outcome = try await command.run()
    #expect(outcome.status == 0)
    #expect(outcome.errors == "")
    #expect(outcome.output.contains("checkpoint shapes (sd1)"))
    #expect(Self.processes(mark) == [])
  }

  @Test("Ctrl-C in the middle of a run stops the server too", arguments: [SIGINT, SIGTERM])
  func interruptedRun(_ signal: Int32) async throws {
    let (command, mark) = try command("a cat", "--steps", "10000", "--local", "--output", "cat.png")
    let outcome = try await command.run { line, process in
      guard line.contains("10000 steps") else { return }
      #expect(Self.processes(mark).contains(where: Self.isServer), "the mark finds the server")
      kill(process, signal)
    }
    #expect(outcome.status == 128 + signal)
    #expect(outcome.failure == "remote-sample: error: interrupted")
    #expect(Self.processes(mark) == [])
    #expect(command.files() == [])
  }

  @Test("Ctrl-C while the server starts leaves nothing behind")
  func interruptedStart() async throws {
    let (command, mark) = try command("a cat", "--local")
    let outcome = try await command.run { line, process in
      guard line.contains("starting a Triton") else { return }
      kill(process, SIGINT)
    }
    #expect(outcome.status == 130)
    #expect(Self.processes(mark) == [])
    #expect(command.files() == [])
  }

  @Test("A command that fails stops its server")
  func failure() async throws {
    let (command, mark) = try command("a cat", "--checkpoint", "shaps", "--local")
    #expect(try await command.run().status == 64)
    #expect(Self.processes(mark) == [])
  }

  @Test("A crash of its own server is told as one")
  func crash() async throws {
    let (command, mark) = try command("a cat", "--steps", "400", "--local", "--output", "cat.png")
    let outcome = try await command.run { line, _ in
      guard line.contains("step 100/400") else { return }
      for process in Self.processes(mark).filter(Self.isServer) { kill(process, SIGKILL) }
    }
    #expect(outcome.status == 69, "\(outcome.errors)")
    #expect(outcome.failure?.contains("was killed by signal 9") == true, "\(outcome.errors)")
    #expect(outcome.failure?.firstMatch(of: /step \d+ of 400/) != nil)
    #expect(Self.processes(mark) == [])
    #expect(command.files() == [])
  }

  @Test("No models to start a server with")
  func noModels() async throws {
    var (command, _) = try command("a cat", "--local")
    command.environment["TRITON_MODELS"] = command.folder.appendingPathComponent("absent").path
    let outcome = try await command.run()
    #expect(outcome.status == 69)
    #expect(outcome.failure?.contains("absent") == true)
  }

  @Test("--local and --url exclude each other")
  func exclusive() async throws {
    let outcome = try await Command("a cat", "--local", url: "grpc://localhost:8001").run()
    #expect(outcome.status == 64)
    #expect(outcome.failure?.contains("--local and --url exclude each other") == true)
  }

  @Test("A server killed in the middle of a run: lost server and step are named, in time, no file")
  func killedServer() async throws {
    try await LocalTritonServer.withServer(.init(modelRepository: TestServer.modelRepository)) { server in
      let command = try Command(
        "a cat", "--steps", "400", "--timeout", "60", "--patience", "0", "--output", "cat.png",
        url: server.grpcURL)
      let (url, process) = (server.grpcURL, server.processID)
      let outcome = try await command.run { line, _ in
        if line.contains("step 100/400") { kill(process, SIGKILL) }
      }
      #expect(outcome.status == 69, "\(outcome.errors)")
      let failure = try #require(outcome.failure)
      #expect(failure.contains(url), "\(failure)")
      #expect(failure.firstMatch(of: /KSampler \(node 3\) failed at step 1\d\d of 400/) != nil, "\(failure)")
      #expect(outcome.seconds < 60)
      #expect(outcome.output == "")
      #expect(command.files() == [])
    }
  }

  @Test("A server that freezes in the middle of a run is unavailable when the time is over")
  func frozenServer() async throws {
    try await LocalTritonServer.withServer(.init(modelRepository: TestServer.modelRepository)) { server in
      let command = try Command(
        "a cat", "--steps", "4000", "--timeout", "6", "--output", "cat.png", url: server.grpcURL)
      let (url, process) = (server.grpcURL, server.processID)
      let outcome = try await command.run { line, _ in
        if line.contains("4000 steps") { kill(process, SIGSTOP) }
      }
      kill(process, SIGCONT)
      #expect(outcome.status == 69, "\(outcome.errors)")
      #expect(outcome.failure?.contains("the server \(url) no longer answers") == true, "\(outcome.errors)")
      #expect(outcome.failure?.contains("/4000 of picture") == true)
      #expect(outcome.seconds < 12)
      #expect(command.files() == [])
    }
  }
}
