// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import LocalTriton
import RemoteNodes
import Synchronization
import Testing
import TritonClient

/// The command and servers that go away while it works. Linux, like `LocalTriton`.
@Suite("The command outlives its servers", .serialized)
struct CommandLineOutageTests {
  private static let configuration = LocalTritonServer.Configuration(
    modelRepository: TestServer.modelRepository)

  /// The keys of the report that are about servers.
  struct Generation: Decodable {
    struct Server: Decodable { var url: String, startedHere: Bool }
    struct Picture: Decodable { var path: String, servers: [String] }
    var pictures: [Picture]
    var server: Server
    var servers: [String]
    var outages: Int
  }

  /// A run of many steps, and so of some seconds, in which a server can be lost.
  private func command(_ arguments: String..., steps: Int = 400, urls: [String]) throws -> Command {
    var command = try Command("a red circle", "--steps", "\(steps)", "--seed", "7", "--output", "circle.png")
    command.arguments += urls.flatMap { ["--url", $0] } + arguments
    command.environment["TRITON_MODELS"] = TestServer.modelRepository.path
    return command
  }

  private func picture(of command: Command) throws -> Data {
    try Data(contentsOf: command.folder.appendingPathComponent("circle.png"))
  }

  private func report(of outcome: CommandOutcome) throws -> Generation {
    #expect(outcome.status == 0, "\(outcome.errors)")
    return try JSONDecoder().decode(Generation.self, from: Data(outcome.output.utf8))
  }

  private static func port(of server: LocalTritonServer) throws -> Int {
    try #require(server.grpcURL.split(separator: ":").last.flatMap { Int($0) })
  }

  @Test("A server killed and started again: the wait is told, the picture is that of an undisturbed run")
  func restarted() async throws {
    let server = try await LocalTritonServer.start(Self.configuration)
    let undisturbed = try command("--json", urls: [server.grpcURL])
    let quiet = try report(of: try await undisturbed.run())
    #expect(quiet.outages == 0)
    #expect(quiet.servers == [server.grpcURL])
    #expect(quiet.pictures.map(\.servers) == [[server.grpcURL]])

    let restart = Mutex<Task<LocalTritonServer, any Error>?>(nil)
    let port = try Self.port(of: server)
    let disturbed = try command("--json", urls: [server.grpcURL])
    let outcome = try await disturbed.run { line, _ in
      guard line.contains("step 100/400") else { return }
      kill(server.processID, SIGKILL)
      restart.withLock { $0 = Task { try await server.successor(onPort: port, Self.configuration) } }
    }
    let made = try report(of: outcome)
    #expect(made.outages == 1)
    #expect(made.servers == [server.grpcURL])
    #expect(try picture(of: disturbed) == picture(of: undisturbed))
    let waiting = outcome.errorLines.filter {
      $0.contains("waiting for a server, 1 min 00 s at most (--patience)")
    }
    #expect(waiting.count == 1, "\(outcome.errors)")
    #expect(waiting.first?.contains(server.grpcURL) == true)
    #expect(
      outcome.errors.firstMatch(of: /going on after [\d.]+ s of waiting/) != nil, "\(outcome.errors)")
    await (try #require(restart.withLock { $0 }).value).stop()
  }

  @Test("A server that does not come back: 69 when patience is over, with the time told while it waits")
  func patienceOver() async throws {
    let server = try await LocalTritonServer.start(Self.configuration)
    let command = try command("--patience", "12", urls: [server.grpcURL])
    let outcome = try await command.run { line, _ in
      if line.contains("step 100/400") { kill(server.processID, SIGKILL) }
    }
    #expect(outcome.status == 69, "\(outcome.errors)")
    let failure = try #require(outcome.failure)
    #expect(failure.contains("it has not passed within 12.0 seconds"), "\(failure)")
    #expect(failure.firstMatch(of: /failed at step 1\d\d of 400, given positive \[1, 77, 128\]/) != nil)
    #expect(
      outcome.errors.firstMatch(of: /still waiting for a server, [12][.\d]* s left/) != nil,
      "\(outcome.errors)")
    #expect(command.files() == [])
  }

  @Test("One of two servers killed: the other takes over, which is told and in the report")
  func oneOfTwo() async throws {
    let servers = [
      try await LocalTritonServer.start(Self.configuration),
      try await LocalTritonServer.start(Self.configuration),
    ]
    let urls = servers.map(\.grpcURL)
    let alone = try command("--json", urls: [urls[1]])
    _ = try report(of: try await alone.run())

    var command = try command("--json", urls: [])
    command.environment["TRITON_URL"] = urls.joined(separator: ",")
    let outcome = try await command.run { line, _ in
      if line.contains("step 100/400") { kill(servers[0].processID, SIGKILL) }
    }
    let made = try report(of: outcome)
    #expect(Set(made.servers) == Set(urls))
    #expect(Set(made.pictures.flatMap(\.servers)) == Set(urls))
    #expect(made.server.url == urls[1] && !made.server.startedHere)
    #expect(made.outages == 0)
    #expect(outcome.errors.contains("lost \(urls[0])"), "\(outcome.errors)")
    #expect(outcome.errors.contains("going on with \(urls[1])"), "\(outcome.errors)")
    #expect(try picture(of: command) == picture(of: alone))
    await servers[1].stop()
  }

  @Test("The only server killed, with a fallback: the local one takes over until the first is back")
  func fallback() async throws {
    let server = try await LocalTritonServer.start(Self.configuration)
    let undisturbed = try command("--json", urls: [server.grpcURL])
    _ = try report(of: try await undisturbed.run())

    let restart = Mutex<Task<LocalTritonServer, any Error>?>(nil)
    let port = try Self.port(of: server)
    let command = try command("--json", "--fallback", "local", urls: [server.grpcURL])
    let outcome = try await command.run { line, process in
      if line.contains("step 100/400") { kill(server.processID, SIGKILL) }
      guard line.contains("going on with a Triton on this machine") else { return }
      // Frozen until the first is there again, so that steps are left for it.
      kill(process, SIGSTOP)
      restart.withLock { restart in
        restart = Task {
          defer { kill(process, SIGCONT) }
          return try await server.successor(onPort: port, Self.configuration)
        }
      }
    }
    let made = try report(of: outcome)
    #expect(try picture(of: command) == picture(of: undisturbed))
    #expect(made.servers.count == 2)
    #expect(made.servers.first == server.grpcURL)
    #expect(
      outcome.errors.contains("no server is left: starting a Triton on this machine"), "\(outcome.errors)")
    let place = try #require(made.servers.last)
    #expect(outcome.errors.contains("going on with a Triton on this machine, \(place)"), "\(outcome.errors)")
    #expect(outcome.errors.contains("going on with \(server.grpcURL)"), "\(outcome.errors)")
    #expect(made.server.url == server.grpcURL && !made.server.startedHere)
    await (try #require(restart.withLock { $0 }).value).stop()
  }

  /// The tritonserver below a process, by way of its supervisor.
  private static func server(of command: pid_t) -> pid_t? {
    let supervisor = Processes.mentioning("triton_supervisor.py").first {
      Processes.parent(of: $0) == command
    }
    return supervisor.flatMap { supervisor in
      Processes.mentioning("tritonserver").first { Processes.parent(of: $0) == supervisor }
    }
  }

  @Test("The local server that stands in is killed: another one is started, and the run goes on")
  func fallbackKilled() async throws {
    let command = try command("--json", "--fallback", "local", urls: [CommandLineUsageTests.nowhere])
    let killed = Mutex(false)
    let outcome = try await command.run { line, process in
      guard line.contains("step 100/400"), let server = Self.server(of: process) else { return }
      killed.withLock { $0 = true }
      kill(server, SIGKILL)
    }
    let made = try report(of: outcome)
    #expect(killed.withLock { $0 })
    #expect(made.servers.count == 2, "\(made.servers)")
    #expect(made.server.startedHere)
    #expect(command.files() == ["circle.png"])
  }

  @Test("No server from the start, with a fallback: the local one makes the picture")
  func fallbackOnly() async throws {
    let command = try command(
      "--json", "--fallback", "local", steps: 3, urls: [CommandLineUsageTests.nowhere])
    let outcome = try await command.run()
    let made = try report(of: outcome)
    #expect(made.server.startedHere)
    #expect(made.servers == [made.server.url])
    #expect(outcome.errors.contains("starting a Triton on this machine"), "\(outcome.errors)")
    #expect(command.files() == ["circle.png"])
  }
}
