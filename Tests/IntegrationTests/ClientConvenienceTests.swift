// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import LocalTriton
import Synchronization
import Testing
import TritonClient

/// What a client adds to the bare calls.
@Suite struct ClientConvenienceTests {
  private let numbers = Tensor([1, 2, 3] as [Float])

  private func echoRequest() -> InferenceRequest {
    InferenceRequest(model: "echo", inputs: ["IN_FP32": self.numbers], outputs: ["OUT_FP32"])
  }

  @Test func aPreparedRequestIsSentManyTimes() async throws {
    let client = try InferenceServerClient(try await TestServer.url())
    let prepared = try client.prepare(self.echoRequest())
    for _ in 0..<3 {
      #expect(try await client.infer(prepared).output("OUT_FP32").array(of: Float.self) == [1, 2, 3])
    }
    #expect(prepared.byteCount > self.numbers.byteCount)
  }

  @Test func aModelIsCalledLikeAFunction() async throws {
    let client = try InferenceServerClient(try await TestServer.url())
    let echo = try await client.model("echo")
    let response = try await echo(["IN_FP32": self.numbers], outputs: ["OUT_FP32"])
    #expect(try response.output("OUT_FP32").array(of: Float.self) == [1, 2, 3])
    await #expect {
      _ = try await echo(self.numbers)
    } throws: { error in
      (error as? InferenceError)?.message.contains("call it with tensors by name") == true
    }
    await #expect {
      _ = try await client.model("ecko")
    } throws: { error in
      (error as? InferenceError)?.code == .modelNotFound
    }
  }

  @Test func theWindowLimitsTheCallsInFlight() async throws {
    let client = try InferenceServerClient(
      try await TestServer.url(),
      configuration: .init(maximumCallsInFlight: 2)
    )
    let request = self.echoRequest()
    let answers = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<40 {
        group.addTask { try await client.infer(request).output("OUT_FP32").elementCount }
      }
      return try await group.reduce(0, +)
    }
    #expect(answers == 120)
  }

  @Test func aServerThatGoesEndsItsStreamsWithAnError() async throws {
    let models = TestServer.packageFolder.appendingPathComponent("Tests/IntegrationTests/models")
    try await LocalTritonServer.withServer(.init(modelRepositories: [models])) { server in
      let client = try InferenceServerClient(server.grpcURL)
      let (requests, continuation) = AsyncStream.makeStream(of: InferenceRequest.self)
      defer { continuation.finish() }
      let countdown = InferenceRequest(model: "countdown", inputs: ["COUNT": Tensor([1 as Int32])])
      continuation.yield(countdown)
      await #expect {
        for try await part in client.stream(requests, options: .init(timeout: .seconds(20)))
        where part.isFinal {
          kill(server.processID, SIGKILL)
        }
      } throws: { error in
        (error as? InferenceError)?.code == .unavailable
      }
    }
  }
}
