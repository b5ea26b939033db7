// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import Testing
import TritonClient

@testable import LocalTriton

/// Models that the local server cannot load or run, and what it says about them.
@Suite struct LocalTritonModelTests {
  private func failure(_ repository: ScratchRepository) async throws -> String {
    let error = try await #require(throws: LocalTritonError.self) {
      try await LocalTritonServer.withServer(repository.configuration()) { _ in }
    }
    #expect(error.code == .modelsFailed)
    #expect(Processes.mentioning(repository.url.path) == [])
    return error.message
  }

  @Test func aBrokenModelIsNamedWithItsReason() async throws {
    let code = ScratchRepository.echo(initialize: "raise ValueError('the weights are gone')")
    let message = try await self.failure(try ScratchRepository(model: "broken", code: code))
    #expect(message.contains("could not load a model: broken: "))
    #expect(message.contains("the weights are gone"))
    #expect(!message.contains("\n"))
  }

  @Test func aBrokenModelNeedNotKeepTheOthersFromRunning() async throws {
    let repository = try ScratchRepository(model: "echo")
    let broken = ScratchRepository.echo(initialize: "raise ValueError('the weights are gone')")
    try repository.add(
      "broken", configuration: ScratchRepository.configuration(backend: "python"), file: "model.py",
      content: broken)
    let configuration = repository.configuration { $0.toleratesFailedModels = true }
    try await LocalTritonServer.withServer(configuration) { server in
      #expect(Array(server.failedModels.keys) == ["broken"])
      #expect(server.failedModels["broken"]?.contains("the weights are gone") == true)
      let client = try InferenceServerClient(server.grpcURL)
      #expect(try await client.isServerReady())
      #expect(try await client.isModelReady("echo"))
      #expect(try await !client.isModelReady("broken"))
    }
  }

  @Test func anUnreadableONNXFileAndAMissingOneAreNamed() async throws {
    let repository = try ScratchRepository()
    let configuration = ScratchRepository.configuration(backend: "onnxruntime")
    try repository.add("garbage", configuration: configuration, file: "model.onnx", content: "not a graph")
    try repository.add("absent", configuration: configuration, file: "model.onnx", content: nil)
    let message = try await self.failure(repository)
    #expect(message.contains("could not load 2 models"))
    #expect(message.contains("garbage: model 'garbage': onnxruntime cannot load"))
    #expect(message.contains("absent: model 'absent': there is no file"))
  }

  // MARK: - Pure parts

  @Test func anEventIsReadAndOtherTextIsNot() throws {
    let line =
      #"{"event": "starting", "pid": 7, "supervisor": 6, "log": "/l", "http": 1, "grpc": 2, "metrics": 3}"#
    let server = try #require(SupervisorEvent(line: line)?.server)
    #expect(server.processID == 7)
    #expect(server.supervisorProcessID == 6)
    #expect((server.httpPort, server.grpcPort, server.metricsPort) == (1, 2, 3))
    #expect(SupervisorEvent(line: "Traceback (most recent call last):") == nil)
    #expect(SupervisorEvent(line: #"{"event": "exited", "status": 1}"#)?.ending == "exited with status 1")
    #expect(SupervisorEvent(line: #"{"event": "exited", "signal": 9}"#)?.ending == "was killed by signal 9")
  }

  @Test func aModelHasFailedOnlyIfNoVersionOfItIsReady() throws {
    let models = """
      [{"name": "a", "version": "1", "state": "UNAVAILABLE", "reason": "old"},
       {"name": "a", "version": "2", "state": "READY"},
       {"name": "b", "version": "1", "state": "UNAVAILABLE",
        "reason": "Internal: TritonModelException: one\\ntwo\\n\\nAt:\\n  model.py(3): initialize\\n"},
       {"name": "c"}]
      """
    let decoded = try JSONDecoder().decode([SupervisorEvent.Model].self, from: Data(models.utf8))
    #expect(SupervisorEvent.failedModels(decoded) == ["b": "one two", "c": "no reason given"])
  }

  @Test func theLogsTailHasNeitherTablesNorBlankLines() {
    let log = "first\n+----+\n| a  |\n+----+\n\nsecond\n   \nthird\n"
    #expect(LogTail.lastLines(of: log, count: 10) == "first\nsecond\nthird")
    #expect(LogTail.lastLines(of: log, count: 2) == "second\nthird")
    #expect(LogTail.read("/no/such/log", lines: 3) == "")
  }

  @Test func theEnvironmentIsFoundAboveAFolder() throws {
    let place = try ScratchRepository()
    let deep = place.url.appendingPathComponent("a/b/c", isDirectory: true)
    let environment = place.url.appendingPathComponent("a/.triton", isDirectory: true)
    for folder in [deep, environment] {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }
    // A folder that setup has not finished does not count.
    #expect(throws: LocalTritonError.self) { try TritonEnvironment.find(above: [deep]) }
    try Data("{}".utf8).write(to: environment.appendingPathComponent("environment.json"))
    #expect(try TritonEnvironment.find(above: [deep]).folder.path == environment.path)
  }

  @Test func anArrivalReachesEveryoneWhoWaits() async throws {
    let arrival = Arrival<Int>()
    async let early = arrival.wait()
    #expect(arrival.current == nil)
    arrival.deliver(1)
    arrival.deliver(2)
    #expect(try await early == 1)
    #expect(try await arrival.wait() == 1)
    let forgotten = Arrival<Int>()
    let waiter = Task { try await forgotten.wait() }
    waiter.cancel()
    await #expect(throws: CancellationError.self) { _ = try await waiter.value }
  }
}
