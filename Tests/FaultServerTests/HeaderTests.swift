// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing
import TritonClient

/// What the server gets beside the tensors.
@Suite(.timeLimit(.minutes(1))) struct HeaderTests {
  private func inspect(
    _ client: InferenceServerClient,
    parameters: [String: InferenceParameter] = [:],
    options: CallOptions = .defaults
  ) async throws -> [String: InferenceParameter] {
    var request = InferenceRequest(model: "inspect")
    request.parameters = parameters
    return try await client.infer(request, options: options).parameters
  }

  @Test func headersOfTheClientAndTheCallArrive() async throws {
    let client = try await FaultServer.client(
      .init(headers: ["authorization": "Bearer 1", "x-client": "client"], validatesRequests: false)
    )
    let seen = try await self.inspect(
      client,
      options: .init(headers: ["X-Call": "a value; with = and \"marks\"", "x-client": "call"])
    )
    #expect(seen["header:authorization"] == "Bearer 1")
    #expect(seen["header:x-call"] == "a value; with = and \"marks\"")
    #expect(seen["header:x-client"] == "call")
    #expect(try await self.inspect(client)["header:x-call"] == nil)
  }

  @Test func theClientNamesItself() async throws {
    let agent = try await self.inspect(try await FaultServer.client())["header:user-agent"]?.text
    #expect(agent?.hasPrefix("TritonClient-Swift") == true)
  }

  @Test func aLongHeaderArrives() async throws {
    let value = String(repeating: "x", count: 6_000)
    let client = try await FaultServer.client()
    let seen = try await self.inspect(client, options: .init(headers: ["x-long": value]))
    #expect(seen["header:x-long"] == .string(value))
  }

  @Test(arguments: [9_000, 20_000, 100_000])
  func headersThatAreTooLongAreAFailureOfThatCallOnly(count: Int) async throws {
    let client = try await FaultServer.client(.sentOnce)
    try await client.expectToWork()
    let others = (0..<20).map { _ in Task { try await client.infer(.echo(faults: ["delay_ms": 500])) } }
    let options = CallOptions(headers: ["x-long": String(repeating: "x", count: count)])
    let ending = try await client.ending(of: .echo(), timeout: .seconds(20), options: options)
    let code = try #require(ending.failure).code
    #expect([.resourceExhausted, .internalError, .invalidArgument].contains(code))
    for other in others {
      let answer = try await FaultServerTests.ending(of: other, within: slack).get()
      #expect(try answer.output("x").array(of: Float.self) == [1, 2, 3, 4])
    }
    for _ in 0..<20 { try await client.expectToWork() }
  }

  @Test func parametersOfEveryKindArrive() async throws {
    let parameters: [String: InferenceParameter] = [
      "x-bool": true, "x-int": .int(.min), "x-double": .double(0.1), "x-string": "žluť\u{0} 🙂", "x-empty": "",
    ]
    let seen = try await self.inspect(try await FaultServer.client(), parameters: parameters)
    for (name, value) in parameters { #expect(seen["parameter:\(name)"] == value) }
  }

  @Test func propertiesOfTheRequestArriveAsTritonWantsThem() async throws {
    let client = try await FaultServer.client()
    var request = InferenceRequest(model: "inspect")
    request.priority = 3
    request.queueTimeout = .milliseconds(1_500)
    request.sequence = SequenceMembership(id: .integer(.max), isStart: true, isEnd: false)
    let seen = try await client.infer(request).parameters
    #expect(seen["parameter:priority"] == 3)
    #expect(seen["parameter:timeout"] == 1_500_000)
    #expect(seen["parameter:sequence_id"] == -1)
    #expect(seen["parameter:sequence_start"] == true)
    #expect(seen["parameter:sequence_end"] == false)
  }

  /// The model says that requests may say how long they wait in its queue.
  @Test func theTimeThatIsLeftLimitsTheWaitInTheQueue() async throws {
    let client = try await FaultServer.client(.init(timeout: .seconds(20)))
    var request = InferenceRequest(model: "inspect", inputs: ["INPUT": Tensor([1] as [Float])])
    let whole = try await client.infer(request).parameters["parameter:timeout"]?.number
    #expect((10_000_000...20_000_000).contains(try #require(whole)))
    let options = CallOptions(attemptTimeout: .seconds(5))
    let attempt = try await client.infer(client.prepare(request), options: options)
    #expect(attempt.parameters["parameter:timeout"]?.number == 5_000_000)

    // What the request says itself counts, and so does a shorter limit of the server's own.
    request.queueTimeout = .seconds(30)
    #expect(try await client.infer(request).parameters["parameter:timeout"] == 30_000_000)
    request.queueTimeout = nil
    request.priority = 1
    #expect(try await client.infer(request).parameters["parameter:timeout"] == nil)
  }

  @Test func eachClientHasAConnectionOfItsOwn() async throws {
    let first = try await FaultServer.client(.sentOnce)
    let second = try await FaultServer.client(.sentOnce)
    let peers = [
      try await self.inspect(first)["peer"], try await self.inspect(second)["peer"],
      try await self.inspect(first)["peer"],
    ]
    #expect(peers[0] != peers[1])
    #expect(peers[0] == peers[2])
  }
}
