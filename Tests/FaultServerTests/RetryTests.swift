// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing
import TritonClient

/// Attempts as the server counts them.
@Suite(.timeLimit(.minutes(1))) struct RetryTests {
  private func client(maxAttempts: Int = 4, pause: Duration = .milliseconds(5)) async throws
    -> InferenceServerClient
  {
    try await FaultServer.client(
      .init(
        retry: .exponentialBackoff(initial: pause, cap: pause, maxAttempts: maxAttempts),
        circuitBreaker: .disabled,
        validatesRequests: false
      )
    )
  }

  @Test(arguments: 0...3)
  func aCallThatFailsSomeTimesSucceeds(failures: Int) async throws {
    let client = try await self.client()
    let id = uniqueID("flaky")
    let answer = try await client.infer(
      .echo(id: id, faults: ["code": 14, "failures": .int(Int64(failures))])
    )
    #expect(answer.parameters["attempt"]?.number == failures + 1)
    #expect(try answer.output("x").array(of: Float.self) == [1, 2, 3, 4])
    #expect(try await client.calls(of: id).attempts == failures + 1)
  }

  @Test(arguments: [1, 2, 5])
  func aCallThatAlwaysFailsIsSentAsOftenAsThePolicySays(maxAttempts: Int) async throws {
    let client = try await self.client(maxAttempts: maxAttempts)
    let id = uniqueID("failing")
    let error = try await client.failure(of: .echo(id: id, faults: ["code": 14, "message": "gone"]))
    #expect(error.code == .unavailable)
    #expect(error.attempt == maxAttempts)
    #expect(error.description.contains("after \(maxAttempts) attempts") == (maxAttempts > 1))
    #expect(try await client.calls(of: id).attempts == maxAttempts)
  }

  @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 15, 16] as [Int64])
  func whatWouldFailAgainIsSentOnce(code: Int64) async throws {
    let client = try await self.client()
    let id = uniqueID("final")
    let error = try await client.failure(of: .echo(id: id, faults: ["code": .int(code)]))
    #expect(error.attempt == 1)
    #expect(try await client.calls(of: id).attempts == 1)
  }

  @Test func whatIsMalformedIsNotAskedForAgain() async throws {
    let client = try await self.client()
    let id = uniqueID("malformed")
    _ = try await client.failure(of: .echo(id: id, faults: ["appended_hex": "ff"]))
    #expect(try await client.calls(of: id).attempts == 1)
  }

  @Test func aRequestOfASequenceIsSentOnce() async throws {
    let client = try await self.client()
    var request = InferenceRequest.echo(id: uniqueID("sequence"), faults: ["code": 14])
    request.sequence = SequenceMembership(id: .integer(7), isStart: true)
    let error = try await client.failure(of: request)
    #expect(error.code == .unavailable)
    #expect(try await client.calls(of: request.id).attempts == 1)
  }

  @Test func aCallMayHaveAPolicyOfItsOwn() async throws {
    let client = try await self.client()
    let id = uniqueID("own policy")
    let error = try await client.failure(
      of: .echo(id: id, faults: ["code": 14]),
      options: .init(retry: .never)
    )
    #expect(error.attempt == 1)
    #expect(try await client.calls(of: id).attempts == 1)
  }

  @Test func aPreparedRequestIsSentAgainAsItIs() async throws {
    let client = try await self.client()
    let values = (0..<100_000).map { Float($0) }
    let request = InferenceRequest.echo(
      ["x": Tensor(values)],
      id: uniqueID("prepared"),
      faults: ["code": 14, "failures": 2]
    )
    let prepared = try client.prepare(request)
    let answer = try await client.infer(prepared)
    #expect(answer.parameters["attempt"] == 3)
    #expect(try answer.output("x").array(of: Float.self) == values)
    #expect(try await client.infer(prepared).parameters["attempt"] == 4)
  }

  @Test func allAttemptsShareOneDeadline() async throws {
    let client = try await self.client(maxAttempts: 1_000)
    try await client.expectToWork()
    let id = uniqueID("shared deadline")
    let clock = ContinuousClock()
    let begin = clock.now
    let error = try await client.failure(
      of: .echo(id: id, faults: ["code": 14, "delay_ms": 100]),
      timeout: .seconds(4)
    )
    let elapsed = clock.now - begin
    #expect([.unavailable, .deadlineExceeded].contains(error.code), "\(error)")
    #expect(elapsed >= .milliseconds(3_900))
    #expect(elapsed < .seconds(4) + slack)
    let seen = try await client.settledCalls(of: id)
    #expect((2...40).contains(seen.attempts), "\(seen)")
    // The last one may have had too little time left to arrive.
    #expect((0...1).contains(error.attempt - seen.attempts))
  }

  @Test func theServersAdviceToWaitDoesNoHarm() async throws {
    let client = try await self.client()
    for advice in ["10", "-1", "no number"] {
      let id = uniqueID("pushback")
      let request = InferenceRequest.echo(
        id: id,
        faults: ["code": 14, "failures": 1, "pushback_ms": .string(advice)]
      )
      let result = try? await client.infer(request)
      let attempts = try await client.calls(of: id).attempts
      #expect(result == nil ? attempts == 1 : attempts == 2)
    }
    try await client.expectToWork()
  }

  @Test func callsWithoutTensorsAreRetriedToo() async throws {
    let client = try await self.client()
    let id = uniqueID("metadata")
    let options = CallOptions.faults(["id": id, "code": "14", "failures": "2"])
    #expect(try await client.serverMetadata(options: options).name == "fault-server")
    #expect(try await client.calls(of: id).attempts == 3)
  }
}
