// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import LocalTriton
import Testing
import TritonClient

/// Servers on demand: real ones, which start, are lost and stop.
@Suite(.serialized)
struct LocalTritonFallbackTests {
  private func isReady(_ url: String) async throws -> Bool {
    let client = try InferenceServerClient(url)
    defer { client.close() }
    return try await client.isServerReady()
  }

  @Test func aServerIsStartedOnceAndStopped() async throws {
    let repository = try ScratchRepository(model: "echo")
    let fallback = LocalTritonFallback(repository.configuration())
    #expect(fallback.name == "a Triton on this machine")
    #expect(fallback.server == nil)
    #expect(Processes.mentioning(repository.url.path) == [], "nothing runs before it is asked for")

    let url = try await fallback.start()
    #expect(try await self.isReady(url))
    let process = try #require(fallback.server?.processID)
    #expect(try await fallback.start() == url)
    #expect(fallback.server?.processID == process)

    await fallback.stop()
    #expect(fallback.server == nil)
    #expect(Processes.mentioning(repository.url.path) == [])
    await fallback.stop()

    #expect(try await self.isReady(try await fallback.start()))
    #expect(fallback.server?.processID != process)
    await fallback.stop()
    #expect(Processes.mentioning(repository.url.path) == [])
  }

  @Test func concurrentStartsShareOne() async throws {
    let repository = try ScratchRepository(model: "echo")
    let fallback = LocalTritonFallback(repository.configuration())
    let urls = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<20 { group.addTask { try await fallback.start() } }
      return try await group.reduce(into: Set<String>()) { $0.insert($1) }
    }
    #expect(urls.count == 1)
    #expect(urls.first == fallback.server?.grpcURL)
    await fallback.stop()
    #expect(Processes.mentioning(repository.url.path) == [], "no second server was started beside the first")
  }

  @Test(arguments: [SIGKILL, SIGSTOP])
  func aLostServerIsReplaced(by signal: Int32) async throws {
    let repository = try ScratchRepository(model: "echo")
    let fallback = LocalTritonFallback(repository.configuration { $0.stopTimeout = .seconds(1) })
    _ = try await fallback.start()
    let first = try #require(fallback.server)
    kill(first.processID, signal)
    // At once: nobody may have noticed yet that the first is gone.
    let url = try await fallback.start()
    #expect(try await self.isReady(url))
    #expect(fallback.server?.processID != first.processID)
    #expect(kill(first.processID, 0) != 0, "the first is gone")
    await fallback.stop()
    #expect(Processes.mentioning(repository.url.path) == [])
  }

  @Test func aStartThatNobodyWaitsForIsGivenUp() async throws {
    let code = ScratchRepository.echo(initialize: "time.sleep(120)")
    let repository = try ScratchRepository(model: "slow", code: code)
    let fallback = LocalTritonFallback(repository.configuration())
    let start = Task { try await fallback.start() }
    #expect(try await eventually { Processes.mentioning(repository.url.path).count >= 2 })
    start.cancel()
    await #expect(throws: CancellationError.self) { try await start.value }
    #expect(Processes.mentioning(repository.url.path) == [])
  }

  @Test func aStartGoesOnForThoseWhoStillWait() async throws {
    let code = ScratchRepository.echo(initialize: "time.sleep(3)")
    let repository = try ScratchRepository(model: "slow", code: code)
    let fallback = LocalTritonFallback(repository.configuration())
    let (first, second) = (Task { try await fallback.start() }, Task { try await fallback.start() })
    #expect(try await eventually { Processes.mentioning(repository.url.path).count >= 2 })
    first.cancel()
    await #expect(throws: CancellationError.self) { try await first.value }
    #expect(try await self.isReady(try await second.value))
    await fallback.stop()
    #expect(Processes.mentioning(repository.url.path) == [])
  }

  @Test func aStopDuringTheStartIsTold() async throws {
    let code = ScratchRepository.echo(initialize: "time.sleep(120)")
    let repository = try ScratchRepository(model: "slow", code: code)
    let fallback = LocalTritonFallback(repository.configuration())
    let start = Task { try await fallback.start() }
    #expect(try await eventually { Processes.mentioning(repository.url.path).count >= 2 })
    await fallback.stop()
    let error = await #expect(throws: LocalTritonError.self) { try await start.value }
    #expect(error?.message.contains("was stopped while it was being started") == true)
    #expect(Processes.mentioning(repository.url.path) == [])
  }

  @Test func aFailedStartIsToldAndTheNextTriesAnew() async throws {
    let repository = try ScratchRepository(model: "echo", code: "import nothing_of_that_name")
    let fallback = LocalTritonFallback(repository.configuration())
    let error = await #expect(throws: LocalTritonError.self) { try await fallback.start() }
    #expect(error?.code == .modelsFailed)
    #expect(error?.message.contains("nothing_of_that_name") == true)
    #expect(fallback.server == nil)

    try repository.add(
      "echo", configuration: ScratchRepository.configuration(backend: "python"), file: "model.py",
      content: ScratchRepository.echo())
    #expect(try await self.isReady(try await fallback.start()))
    await fallback.stop()
    #expect(Processes.mentioning(repository.url.path) == [])
  }

  @Test func aForgottenOneEnds() async throws {
    let repository = try ScratchRepository(model: "echo")
    _ = try await LocalTritonFallback(repository.configuration()).start()
    #expect(try await eventually { Processes.mentioning(repository.url.path).isEmpty })
  }

  @Test func aServerStartsAgainOnItsPort() async throws {
    let repository = try ScratchRepository(model: "echo")
    let first = try await LocalTritonServer.start(repository.configuration())
    let port = try #require(first.grpcURL.split(separator: ":").last.flatMap { Int($0) })
    kill(first.processID, SIGKILL)
    _ = try await first.termination
    try await LocalTritonServer.withServer(repository.configuration { $0.grpcPort = port }) { second in
      #expect(second.grpcURL == first.grpcURL)
      let isReady = try await self.isReady(second.grpcURL)
      #expect(isReady)
    }
  }
}
