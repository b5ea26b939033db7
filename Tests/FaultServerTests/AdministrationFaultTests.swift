// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing
import TritonClient

/// Broken answers of the operations without tensors.
@Suite(.timeLimit(.minutes(1))) struct AdministrationFaultTests {
  /// An operation of the client, and what its error has to name.
  struct Operation: CustomTestStringConvertible, Sendable {
    var method: String
    var run: @Sendable (InferenceServerClient, CallOptions) async throws -> Void

    var testDescription: String { self.method }
  }

  private static let operations = [
    Operation(method: "ServerLive") { _ = try await $0.isServerLive(options: $1) },
    Operation(method: "ServerReady") { _ = try await $0.isServerReady(options: $1) },
    Operation(method: "ServerMetadata") { _ = try await $0.serverMetadata(options: $1) },
    Operation(method: "ModelReady") { _ = try await $0.isModelReady("echo", options: $1) },
    Operation(method: "ModelMetadata") { _ = try await $0.modelMetadata("echo", options: $1) },
    Operation(method: "ModelConfig") { _ = try await $0.modelConfiguration("echo", options: $1) },
    Operation(method: "ModelStatistics") { _ = try await $0.modelStatistics("echo", options: $1) },
    Operation(method: "RepositoryIndex") { _ = try await $0.repositoryIndex(options: $1) },
  ]

  private func failure(
    of operation: Operation,
    with faults: KeyValuePairs<String, String>
  ) async throws -> InferenceError {
    let client = try await FaultServer.client()
    let error = try await #require(throws: InferenceError.self) {
      try await operation.run(client, .faults(faults))
    }
    try await operation.run(client, .defaults)
    return error
  }

  @Test(arguments: AdministrationFaultTests.operations)
  func garbageIsMalformed(_ operation: Operation) async throws {
    for garbage in ["ff", "0b", "0a7f"] {
      let error = try await self.failure(of: operation, with: ["appended_hex": garbage])
      #expect(error.code == .malformedResponse)
      #expect(error.message.contains("\(operation.method)Response"))
      #expect(error.attempt == 1)
    }
  }

  @Test(arguments: AdministrationFaultTests.operations)
  func aStatusIsNamedWithItsOperation(_ operation: Operation) async throws {
    let error = try await self.failure(of: operation, with: ["code": "13", "message": "the reason 7"])
    #expect(error.code == .internalError)
    #expect(error.message.contains(operation.method))
    #expect(error.message.contains("the reason 7"))
  }

  @Test(arguments: AdministrationFaultTests.operations)
  func noMessageIsAFailure(_ operation: Operation) async throws {
    let error = try await self.failure(of: operation, with: ["messages": "0"])
    #expect([.malformedResponse, .internalError].contains(error.code), "\(error)")
  }

  @Test(arguments: AdministrationFaultTests.operations)
  func anEmptyMessageIsNoCrash(_ operation: Operation) async throws {
    let client = try await FaultServer.client()
    do {
      try await operation.run(client, .faults(["replaced_hex": ""]))
    } catch let error as InferenceError {
      #expect(error.code == .malformedResponse)
    }
    try await operation.run(client, .defaults)
  }

  @Test func anUnknownDataTypeInTheMetadataIsNamed() async throws {
    let client = try await FaultServer.client()
    let error = try await #require(throws: InferenceError.self) {
      try await client.modelMetadata("echo", options: .faults(["data_type": "FP99"]))
    }
    #expect(error.code == .malformedResponse)
    #expect(error.message.contains("\"INPUT\""))
    #expect(error.message.contains("\"FP99\""))
    #expect(error.model == "echo")
  }

  @Test func brokenMetadataFailsTheRequestThatIsComparedWithIt() async throws {
    let client = try await FaultServer.client(.init(retry: .never))
    let request = InferenceRequest(model: "echo", inputs: ["INPUT": Tensor([1] as [Float])])
    let error = try await #require(throws: InferenceError.self) {
      try await client.infer(request, options: .faults(["appended_hex": "ff"]))
    }
    #expect(error.code == .malformedResponse)
    #expect(error.message.contains("ModelMetadata") || error.message.contains("ModelConfig"))
    // Nothing of it was remembered.
    #expect(try await client.infer(request).output("INPUT").array(of: Float.self) == [1])
  }

  @Test func aServerBecomesReady() async throws {
    try await FaultyRoute.with(["refuse": true, "connections": 2]) { route in
      let client = try route.client()
      try await client.waitUntilReady(timeout: .seconds(20), interval: .milliseconds(20))
      #expect(try await client.isServerLive())
      #expect(try await route.report().accepted >= 3)
    }
  }

  @Test func aServerThatDoesNotBecomeReadyIsNamedWithTheReason() async throws {
    try await FaultyRoute.with(["refuse": true]) { route in
      let client = try route.client()
      let error = try await #require(throws: InferenceError.self) {
        try await client.waitUntilReady(timeout: .seconds(1), interval: .milliseconds(20))
      }
      #expect(error.code == .deadlineExceeded)
      #expect(error.endpoint == route.url)
      let reason = try #require(error.underlyingError as? InferenceError)
      #expect([.unavailable, .deadlineExceeded].contains(reason.code))
    }
  }
}
