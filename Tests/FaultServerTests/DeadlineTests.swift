// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing
import TritonClient

/// Time limits, within what a loaded machine needs.
@Suite(.timeLimit(.minutes(1))) struct DeadlineTests {
  @Test(arguments: [20, 100, 500])
  func aSlowAnswerEndsAtTheDeadline(milliseconds: Int) async throws {
    let client = try await FaultServer.client()
    let id = uniqueID("slow")
    let timeout = Duration.milliseconds(milliseconds)
    let clock = ContinuousClock()
    let begin = clock.now
    let error = try await #require(throws: InferenceError.self) {
      try await client.infer(.echo(id: id, faults: ["delay_ms": 30_000]), timeout: timeout)
    }
    let elapsed = clock.now - begin
    #expect(error.code == .deadlineExceeded)
    #expect(error.message.contains("timeout"))
    #expect(error.status?.code == .deadlineExceeded)
    #expect(elapsed >= timeout - .milliseconds(5))
    #expect(elapsed < timeout + slack)
    try await client.expectToWork()
    let seen = try await client.settledCalls(of: id)
    #expect(seen.running == 0)
    #expect(seen.attempts <= 1)
    #expect(seen.cancelled == seen.attempts)
  }

  @Test func aServerThatGoesOnDoesNotHoldTheCaller() async throws {
    let client = try await FaultServer.client()
    let id = uniqueID("stubborn")
    let request = InferenceRequest.echo(id: id, faults: ["delay_ms": 20_000, "ignores_cancellation": true])
    let error = try await client.failure(of: request, timeout: .seconds(1))
    #expect(error.code == .deadlineExceeded)
    // The server has not stopped, if the request reached it in time.
    let seen = try await client.calls(of: id)
    #expect(seen.running == seen.attempts)
  }

  @Test(arguments: [.zero, .nanoseconds(1), .seconds(-5)] as [Duration])
  func withoutTimeNothingIsWaitedFor(timeout: Duration) async throws {
    let client = try await FaultServer.client()
    let clock = ContinuousClock()
    let begin = clock.now
    let error = try await #require(throws: InferenceError.self) {
      try await client.infer(.echo(faults: ["delay_ms": 30_000]), timeout: timeout)
    }
    #expect(error.code == .deadlineExceeded)
    #expect(clock.now - begin < slack)
    try await client.expectToWork()
  }

  @Test func anAnswerInTimeIsAnAnswer() async throws {
    let client = try await FaultServer.client()
    let clock = ContinuousClock()
    let begin = clock.now
    _ = try await client.infer(.echo(faults: ["delay_ms": 200]), timeout: .seconds(20))
    #expect(clock.now - begin >= .milliseconds(195))
  }

  @Test func theServerIsToldTheTimeLeft() async throws {
    let client = try await FaultServer.client()
    let request = InferenceRequest(model: "inspect")
    let answer = try await client.infer(request, timeout: .seconds(20))
    let left = try #require(answer.parameters["deadline_ms"]?.number)
    #expect((10_000...20_500).contains(left))
  }

  private func clientWithOnePlace() async throws -> InferenceServerClient {
    try await FaultServer.client(.init(retry: .never, maximumCallsInFlight: 1, validatesRequests: false))
  }

  @Test func theTimeInTheWindowCounts() async throws {
    let client = try await self.clientWithOnePlace()
    let id = uniqueID("holder")
    let holder = Task { try await client.infer(.echo(id: id, faults: ["delay_ms": 30_000])) }
    try await FaultServer.client().waitUntilRunning(id)
    async let waiting = client.infer(InferenceRequest(model: "inspect"), timeout: .seconds(20))
    try await Task.sleep(for: .milliseconds(1_500))
    holder.cancel()
    await #expect(throws: CancellationError.self) { try await holder.value }
    let left = try #require(try await waiting.parameters["deadline_ms"]?.number)
    #expect(left < 19_500)
  }

  @Test func noPlaceInTheWindowInTimeIsADeadline() async throws {
    let client = try await self.clientWithOnePlace()
    let id = uniqueID("holder")
    let holder = Task { try await client.infer(.echo(id: id, faults: ["delay_ms": 30_000])) }
    try await FaultServer.client().waitUntilRunning(id)
    let error = try #require(try await client.ending(of: .echo(), timeout: .milliseconds(300)).failure)
    #expect(error.code == .deadlineExceeded)
    holder.cancel()
    await #expect(throws: CancellationError.self) { try await holder.value }
    try await client.expectToWork()
  }

  @Test func aServerThatNeverAnswersAHealthCheckIsNotReady() async throws {
    let client = try await FaultServer.client()
    let error = try await #require(throws: InferenceError.self) {
      try await client.isServerReady(options: .faults(["delay_ms": "30000"], timeout: .milliseconds(200)))
    }
    #expect(error.code == .deadlineExceeded)
    #expect(error.message.contains("ServerReady"))
    #expect(try await client.isServerReady())
  }
}
