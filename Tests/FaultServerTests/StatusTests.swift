// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing
import TritonClient

/// Calls that the server ends with a status.
@Suite(.timeLimit(.minutes(1))) struct StatusTests {
  private static let codes: [(Int64, InferenceError.Code)] = [
    (1, .cancelled), (2, .internalError), (3, .invalidArgument), (4, .deadlineExceeded), (5, .notFound),
    (6, .alreadyExists), (7, .permissionDenied), (8, .resourceExhausted), (9, .invalidArgument),
    (10, .internalError), (11, .invalidArgument), (12, .unimplemented), (13, .internalError),
    (14, .unavailable), (15, .internalError), (16, .unauthenticated),
  ]

  @Test(arguments: StatusTests.codes)
  func everyCodeHasItsMeaning(number: Int64, code: InferenceError.Code) async throws {
    let client = try await FaultServer.client()
    let error = try await client.failure(
      of: .echo(faults: ["code": .int(number), "message": "the reason 7"])
    )
    #expect(error.code == code)
    #expect(error.status?.code.rawValue == Int(number))
    #expect(error.status?.message == "the reason 7")
    #expect(error.message.contains("ModelInfer"))
    #expect(error.message.contains("the reason 7"))
    #expect(error.model == "echo")
    #expect(error.endpoint == client.url)
    #expect(error.attempt == 1)
  }

  @Test(arguments: [1, 3, 13, 14] as [Int64])
  func aStatusMayComeWithoutAReason(number: Int64) async throws {
    let client = try await FaultServer.client()
    let error = try await client.failure(of: .echo(faults: ["code": .int(number)]))
    #expect(error.status?.message == "")
    #expect(error.message.contains("the server gave no reason"))
  }

  @Test func aCodeThatDoesNotExistIsAFailure() async throws {
    let client = try await FaultServer.client()
    let error = try await client.failure(of: .echo(faults: ["code": 99, "message": "odd"]))
    #expect(error.code == .internalError)
    #expect(error.message.contains("odd"))
  }

  @Test(arguments: ["c328", "ff", "61c0af62", "eda080"])
  func aReasonThatIsNoTextIsRepaired(bytes: String) async throws {
    let client = try await FaultServer.client()
    let error = try await client.failure(of: .echo(faults: ["code": 13, "message_hex": .string(bytes)]))
    #expect(error.code == .internalError)
    #expect(error.message.contains("\u{FFFD}"))
  }

  @Test func aReasonMayHoldAnyText() async throws {
    let client = try await FaultServer.client()
    let text = "50 % von „žluťoučký kůň“\n\ttwo lines 🙂"
    let error = try await client.failure(of: .echo(faults: ["code": 13, "message": .string(text)]))
    #expect(error.status?.message == text)
  }

  /// A model's traceback can be as long.
  @Test(arguments: [6_000, 9_000, 100_000] as [Int64])
  func aLongReasonIsKept(count: Int64) async throws {
    let client = try await FaultServer.client(.sentOnce)
    let error = try await client.failure(of: .echo(faults: ["code": 13, "message_byte_count": .int(count)]))
    #expect(error.code == .internalError)
    #expect(error.status?.message.utf8.count == Int(count))
  }

  @Test func aReasonLargerThanHeadersMayBeIsAFailure() async throws {
    let client = try await FaultServer.client(
      .init(retry: .exponentialBackoff(maxAttempts: 10), validatesRequests: false)
    )
    let request = InferenceRequest.echo(faults: ["code": 13, "message_byte_count": 4_000_000])
    let options = CallOptions(retry: .never)
    let ending = try await client.ending(of: request, timeout: .seconds(20), options: options)
    let error = try #require(ending.failure)
    #expect([.resourceExhausted, .internalError].contains(error.code), "\(error)")
    #expect(error.message.utf8.count < 10_000)
    // gRPC may lose the connection with it; the calls that follow get another one.
    try await client.expectToWork()
  }

  @Test(
    arguments: [
      ("Request for unknown model: 'm' is not found", 14, .modelNotFound),
      ("in ensemble 'e', model 'm' is not at ready state", 14, .modelNotReady),
      ("This protocol is restricted, expecting header 'h'", 14, .permissionDenied),
      ("Exceeds maximum queue size", 14, .resourceExhausted),
      ("Request for unknown model: 'm' has no available versions", 5, .modelNotReady),
    ] as [(String, Int64, InferenceError.Code)])
  func tritonsWordsTellCasesApart(text: String, number: Int64, code: InferenceError.Code) async throws {
    let client = try await FaultServer.client()
    let error = try await client.failure(
      of: .echo(faults: ["code": .int(number), "message": .string(text)])
    )
    #expect(error.code == code)
    #expect(error.message.contains(text))
  }
}
