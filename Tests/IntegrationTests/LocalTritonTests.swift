// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import LocalTriton
import Testing
import TritonClient

/// Servers that start, crash, fail and stop: real ones, with models that the tests write.
@Suite struct LocalTritonTests {
  private func error(
    _ configuration: LocalTritonServer.Configuration, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> LocalTritonError {
    try await #require(throws: LocalTritonError.self, sourceLocation: sourceLocation) {
      try await LocalTritonServer.withServer(configuration) { _ in }
    }
  }

  // MARK: - The way it should go

  @Test func aServerIsReadyWhenItHasStartedAndGoneWhenItHasStopped() async throws {
    let repository = try ScratchRepository(model: "echo")
    let server = try await LocalTritonServer.start(repository.configuration())
    let client = try InferenceServerClient(server.grpcURL)
    #expect(try await client.isServerReady())
    let request = InferenceRequest(model: "echo", inputs: ["x": Tensor([1, 2, 3] as [Float])])
    #expect(try await client.infer(request).output("y").array(of: Float.self) == [1, 2, 3])
    #expect(server.failedModels.isEmpty)
    #expect(server.crash == nil)
    #expect(Processes.parent(of: server.processID) == server.supervisorProcessID)
    #expect(!Processes.sharedMemory(ofSupervisor: server.supervisorProcessID).isEmpty)
    #expect(try await httpAnswer("\(server.httpURL)/v2/health/ready").status == 200)
    #expect(try await httpAnswer(server.metricsURL).body.contains("nv_"))

    await server.stop()
    #expect(try await server.termination == nil)
    #expect(server.crash == nil)
    #expect(kill(server.processID, 0) != 0)
    #expect(kill(server.supervisorProcessID, 0) != 0)
    #expect(Processes.mentioning(repository.url.path) == [])
    #expect(Processes.sharedMemory(ofSupervisor: server.supervisorProcessID) == [])
    // A second stop has nothing to do.
    await server.stop()
  }

  @Test func modelsCanBeUnloadedAndLoadedAgain() async throws {
    let repository = try ScratchRepository(model: "echo")
    try await LocalTritonServer.withServer(repository.configuration()) { server in
      let client = try InferenceServerClient(server.grpcURL)
      try await client.unloadModel("echo")
      // The server unloads in its own time.
      var isReady = true
      for _ in 0..<200 where isReady {
        try await Task.sleep(for: .milliseconds(50))
        isReady = try await client.isModelReady("echo")
      }
      #expect(!isReady)
      try await client.loadModel("echo")
      #expect(try await client.isModelReady("echo"))
    }
  }

  @Test func severalServersRunBesideEachOther() async throws {
    let repository = try ScratchRepository(model: "echo")
    async let first = LocalTritonServer.start(repository.configuration())
    async let second = LocalTritonServer.start(repository.configuration())
    let servers = try await [first, second]
    #expect(Set(servers.flatMap { [$0.grpcURL, $0.httpURL, $0.metricsURL] }).count == 6)
    await servers[0].stop()
    #expect(try await InferenceServerClient(servers[1].grpcURL).isServerReady())
    await servers[1].stop()
  }

  @Test func aServerIsStoppedWhenTheWorkWithItFails() async throws {
    struct Failure: Error {}
    let repository = try ScratchRepository(model: "echo")
    await #expect(throws: Failure.self) {
      try await LocalTritonServer.withServer(repository.configuration()) { _ in throw Failure() }
    }
    #expect(Processes.mentioning(repository.url.path) == [])
  }

  @Test func aForgottenServerEnds() async throws {
    let repository = try ScratchRepository(model: "echo")
    let process = try await LocalTritonServer.start(repository.configuration()).processID
    #expect(
      try await eventually { kill(process, 0) != 0 && Processes.mentioning(repository.url.path).isEmpty })
  }

  @Test func cancellingTheStartStopsTheServer() async throws {
    let code = ScratchRepository.echo(initialize: "time.sleep(120)")
    let repository = try ScratchRepository(model: "slow", code: code)
    let start = Task { try await LocalTritonServer.start(repository.configuration()) }
    #expect(try await eventually { Processes.mentioning(repository.url.path).count >= 2 })
    start.cancel()
    await #expect(throws: CancellationError.self) { _ = try await start.value }
    #expect(Processes.mentioning(repository.url.path) == [])
  }

  // MARK: - What goes wrong on the way

  @Test func aCrashIsNoticedAndTheLogShown() async throws {
    let repository = try ScratchRepository(model: "echo")
    let server = try await LocalTritonServer.start(repository.configuration())
    kill(server.processID, SIGKILL)
    let error = try #require(try await server.termination)
    #expect(error.code == .crashed)
    #expect(error.message.contains("(process \(server.processID)) was killed by signal 9"))
    #expect(error.logTail.contains("Started GRPCInferenceService"))
    #expect(error.description.contains(server.logFile))
    #expect(server.crash?.code == .crashed)
    #expect(Processes.mentioning(repository.url.path) == [])
    #expect(Processes.sharedMemory(ofSupervisor: server.supervisorProcessID) == [])
  }

  @Test func aKilledSupervisorTakesTheServerWithIt() async throws {
    let repository = try ScratchRepository(model: "echo")
    let server = try await LocalTritonServer.start(repository.configuration())
    kill(server.supervisorProcessID, SIGKILL)
    #expect(try await server.termination?.code == .crashed)
    #expect(try await eventually { Processes.mentioning(repository.url.path).isEmpty })
  }

  @Test func aServerDoesNotOutliveAKilledProgram() async throws {
    // remote-sample starts a server for itself; the supervisor's parent says whose server is whose.
    let folder = try ScratchRepository()
    let program = Process()
    program.executableURL = Bundle.module.bundleURL.deletingLastPathComponent()
      .appendingPathComponent("remote-sample")
    program.arguments = ["a red circle", "--steps", "1000", "--output", folder.url.path]
    program.currentDirectoryURL = TestServer.packageFolder
    program.environment = ProcessInfo.processInfo.environment.merging(["TRITON_URL": ""]) { _, new in new }
    program.standardOutput = FileHandle.nullDevice
    program.standardError = FileHandle.nullDevice
    try program.run()
    defer { if program.isRunning { kill(program.processIdentifier, SIGKILL) } }

    var supervisor: Int32 = 0
    let hasShared = try await eventually(within: .seconds(60)) {
      supervisor =
        Processes.mentioning("triton_supervisor.py")
        .first { Processes.parent(of: $0) == program.processIdentifier } ?? 0
      return supervisor != 0 && !Processes.sharedMemory(ofSupervisor: supervisor).isEmpty
    }
    try #require(hasShared, "remote-sample started no server")
    let servers = Processes.mentioning("remote_nodes_triton_\(supervisor)_")
    #expect(!servers.isEmpty)
    kill(program.processIdentifier, SIGKILL)
    #expect(
      try await eventually {
        ([supervisor] + servers).allSatisfy { kill($0, 0) != 0 }
          && Processes.mentioning("remote_nodes_triton_\(supervisor)_").isEmpty
          && Processes.sharedMemory(ofSupervisor: supervisor).isEmpty
      })
  }

  @Test func aServerThatIsNotReadyInTimeIsStopped() async throws {
    let code = ScratchRepository.echo(initialize: "time.sleep(120)")
    let repository = try ScratchRepository(model: "slow", code: code)
    let error = try await self.error(
      repository.configuration {
        $0.startTimeout = .seconds(3)
        $0.stopTimeout = .seconds(1)
      })
    #expect(error.code == .startTimedOut)
    #expect(error.logTail.contains("loading: slow:1"))
    #expect(Processes.mentioning(repository.url.path) == [])
  }

  @Test func aServerThatRefusesItsArgumentsSaysWhy() async throws {
    let repository = try ScratchRepository(model: "echo")
    let error = try await self.error(repository.configuration { $0.extraArguments = ["--log-verbose=much"] })
    #expect(error.code == .startFailed)
    #expect(error.message.contains("before it was ready"))
    #expect(error.logTail.contains("log-verbose"))
  }

  @Test func aMissingRepositoryIsNamed() async throws {
    let error = try await self.error(.init(modelRepository: URL(fileURLWithPath: "/no/such/models")))
    #expect(error.code == .repositoryMissing)
    #expect(error.message.contains("/no/such/models"))
    #expect(try await self.error(.init(modelRepositories: [])).code == .repositoryMissing)
  }

  @Test func aMissingEnvironmentNamesTheScriptThatMakesIt() throws {
    let error = try #require(throws: LocalTritonError.self) {
      try TritonEnvironment(folder: URL(fileURLWithPath: "/no/such/environment"))
    }
    #expect(error.code == .environmentMissing)
    #expect(error.message.contains("/no/such/environment"))
    #expect(error.message.contains("scripts/setup"))
  }
}
