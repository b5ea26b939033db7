// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing
import TritonClient

/// What a client refuses before anything is sent.
@Suite struct ClientInputTests {
  @Test(arguments: [
    "", "http://localhost:8000", "grpc://", "grpc://host:99999", "grpc://host:8001/path", "not a url",
  ])
  func anImpossibleAddressIsRefused(url: String) {
    #expect { try InferenceServerClient(url) } throws: { error in
      let error = error as? InferenceError
      return error?.code == .invalidArgument && error?.message.contains("grpc://host:port") == true
    }
  }

  @Test func aPasswordInAnAddressIsRefusedAndNotRepeated() {
    #expect { try InferenceServerClient("grpc://me:hunter2@host:8001") } throws: { error in
      !"\(error)".contains("hunter2")
    }
  }

  @Test(arguments: [
    "localhost", "localhost:8001", "grpc://localhost", "grpc://[::1]:8001", "grpc://10.0.0.1:9/",
  ])
  func usualAddressesAreTaken(url: String) throws {
    #expect(try InferenceServerClient(url).url == url)
  }

  @Test(arguments: [
    ["": "x"], ["with space": "x"], ["grpc-timeout": "1S"], ["key": "line\nbreak"], ["key": "ünïcode"],
  ])
  func malformedHeadersAreRefused(headers: [String: String]) {
    #expect { try InferenceServerClient("localhost", configuration: .init(headers: headers)) } throws: {
      error in
      (error as? InferenceError)?.code == .invalidArgument
    }
  }

  @Test func theValueOfAMalformedHeaderStaysOutOfTheMessage() {
    #expect {
      try InferenceServerClient("localhost", configuration: .init(headers: ["authorization": "sécret"]))
    } throws: { error in
      !"\(error)".contains("cret\"") && "\(error)".contains("authorization")
    }
  }

  @Test func aClosedClientRefusesCalls() async throws {
    let client = try InferenceServerClient("localhost:1")
    client.close()
    await #expect {
      _ = try await client.isServerLive()
    } throws: { error in
      (error as? InferenceError)?.code == .closed
    }
  }

  @Test func aCancelledTaskSendsNothing() async throws {
    let client = try InferenceServerClient("localhost:1")
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await client.isServerLive()
    }
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test func theDefaultsArePinned() {
    let configuration = InferenceServerClient.Configuration.defaults
    #expect(configuration.timeout == .seconds(30))
    #expect(configuration.connectTimeout == .seconds(5))
    #expect(configuration.headers.isEmpty)
    #expect(configuration.maximumResponseByteCount == Int(Int32.max))
    #expect(configuration.validatesRequests)
    #expect(configuration.retry == .exponentialBackoff())
    #expect(configuration.retry.maxAttempts == 4)
    #expect(configuration.retry.initial == .milliseconds(100))
    #expect(configuration.retry.multiplier == 2)
    #expect(configuration.retry.cap == .seconds(5))
    #expect(configuration.retry.retryableCodes == [.unavailable, .resourceExhausted])
  }
}

@Suite struct InferenceErrorTests {
  @Test func theDescriptionIsOneLineWithEverythingKnown() {
    let error = InferenceError(
      code: .unavailable,
      message: "ModelInfer failed: connection refused",
      model: "unet",
      endpoint: "grpc://localhost:8001",
      attempt: 4,
      status: RPCStatus(code: .unavailable, message: "connection refused")
    )
    #expect(
      "\(error)" == """
        ModelInfer failed: connection refused \
        (model "unet", server grpc://localhost:8001, after 4 attempts, gRPC UNAVAILABLE)
        """
    )
  }
}
