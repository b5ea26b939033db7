// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing
import TritonClient

/// Tasks that are cancelled before, during and after their calls.
@Suite(.timeLimit(.minutes(1))) struct CancellationTests {
  @Test func aTaskThatIsCancelledAlreadySendsNothing() async throws {
    let client = try await FaultServer.client()
    let id = uniqueID("early")
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      return try await client.infer(.echo(id: id))
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(try await client.calls(of: id).attempts == 0)
    try await client.expectToWork()
  }

  @Test(arguments: [false, true])
  func aRunningCallEndsAtOnce(ignored: Bool) async throws {
    let client = try await FaultServer.client()
    let id = uniqueID("running")
    let request = InferenceRequest.echo(
      id: id,
      faults: ["delay_ms": 20_000, "ignores_cancellation": .bool(ignored)]
    )
    let task = Task { try await client.infer(request) }
    try await client.waitUntilRunning(id)
    task.cancel()
    #expect(try await ending(of: task, within: slack).failure is CancellationError)
    try await client.expectToWork()
    if ignored {
      #expect(try await client.calls(of: id).running == 1)
    } else {
      #expect(try await client.settledCalls(of: id) == .oneCancelled)
    }
  }

  @Test func thePauseBeforeARetryEndsAtOnce() async throws {
    let client = try await FaultServer.client(
      .init(
        retry: .exponentialBackoff(initial: .seconds(3_000), cap: .seconds(3_000)),
        validatesRequests: false
      )
    )
    let id = uniqueID("pause")
    let task = Task {
      try await client.infer(.echo(id: id, faults: ["code": 14]), timeout: .seconds(10_000))
    }
    while try await client.calls(of: id).attempts == 0 { try await Task.sleep(for: .milliseconds(5)) }
    try await Task.sleep(for: .milliseconds(50))
    task.cancel()
    #expect(try await ending(of: task, within: slack).failure is CancellationError)
    #expect(try await client.calls(of: id).attempts == 1)
    try await client.expectToWork()
  }

  @Test func theWaitForAPlaceInTheWindowEndsAtOnce() async throws {
    let client = try await FaultServer.client(
      .init(retry: .never, maximumCallsInFlight: 1, validatesRequests: false)
    )
    let id = uniqueID("waiting")
    let holderID = uniqueID("holder")
    let holder = Task { try await client.infer(.echo(id: holderID, faults: ["delay_ms": 30_000])) }
    try await FaultServer.client().waitUntilRunning(holderID)
    let waiting = Task { try await client.infer(.echo(id: id)) }
    try await Task.sleep(for: .milliseconds(50))
    waiting.cancel()
    #expect(try await ending(of: waiting, within: slack).failure is CancellationError)
    holder.cancel()
    await #expect(throws: CancellationError.self) { try await holder.value }
    #expect(try await client.calls(of: id).attempts == 0)
    try await client.expectToWork()
  }

  @Test func anAnswerThatCameStays() async throws {
    let client = try await FaultServer.client()
    let task = Task { try await client.infer(.zeros(1 << 20)) }
    let answer = try await task.value
    task.cancel()
    let output = try answer.output("OUTPUT")
    #expect(output.withUnsafeBytes { $0.allSatisfy { $0 == 0 } })
    try await client.expectToWork()
  }

  @Test func anyMomentIsRightForACancellation() async throws {
    let client = try await FaultServer.client()
    let outcomes = await withTaskGroup(of: Bool?.self) { group in
      for index in 0..<300 {
        group.addTask {
          let request = InferenceRequest.zeros(20_000, faults: ["delay_ms": .int(Int64(index % 3))])
          let task = Task { try await client.infer(request) }
          try? await Task.sleep(for: .microseconds(Int.random(in: 0...3_000)))
          task.cancel()
          switch await task.result {
          case .success(let answer): return answer.outputs.count == 1
          case .failure(let error): return error is CancellationError ? nil : false
          }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(outcomes.count == 300)
    #expect(!outcomes.contains(false))
    try await client.expectToWork()
  }

  @Test func callsWithoutTensorsAreCancelledToo() async throws {
    let client = try await FaultServer.client()
    let id = uniqueID("metadata")
    let task = Task { try await client.serverMetadata(options: .faults(["id": id, "delay_ms": "30000"])) }
    try await client.waitUntilRunning(id)
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(try await client.settledCalls(of: id) == .oneCancelled)
  }

  @Test func aClosedClientLetsRunningCallsEnd() async throws {
    let client = try await FaultServer.client(.sentOnce)
    let id = uniqueID("closing")
    async let running = client.infer(.echo(id: id, faults: ["delay_ms": 10_000]))
    try await FaultServer.client().waitUntilRunning(id)
    client.close()
    let error = try await #require(throws: InferenceError.self) { try await client.infer(.echo()) }
    #expect(error.code == .closed)
    #expect(try await running.output("x").array(of: Float.self) == [1, 2, 3, 4])
  }
}
