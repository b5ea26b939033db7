// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing

@testable import TritonClient

/// What the server says about another attempt, as it comes out of a channel.
@Suite(.timeLimit(.minutes(1))) struct PushbackTests {
  private func failure(_ faults: KeyValuePairs<String, String>) async throws -> FailedStatus {
    let channel = try GRPCChannel.to(try await FaultServer.url())
    return try #require(try await channel.health(faults).failure)
  }

  @Test(
    arguments: [
      ("250", .after(.milliseconds(250))), ("0", .after(.zero)), ("007", .after(.milliseconds(7))),
      ("2147483647", .after(.milliseconds(2_147_483_647))),
    ] as [(String, RetryPushback)])
  func aNumberIsATime(advice: String, expected: RetryPushback) async throws {
    let failed = try await self.failure(["code": "14", "message": "later", "pushback_ms": advice])
    #expect(failed.pushback == expected)
    #expect(failed.status == RPCStatus(code: .unavailable, message: "later"))
  }

  /// gRFC A6: what is no number of 32 bits asks for no other attempt, as a negative one does.
  @Test(arguments: ["-1", "-2147483648", "soon", "", "1.5", "2147483648", "99999999999999999999"])
  func whatIsNoTimeIsNever(advice: String) async throws {
    #expect(try await self.failure(["code": "14", "pushback_ms": advice]).pushback == .never)
  }

  @Test(arguments: ["1", "3", "8", "14", "16"])
  func everyFailureMayCarryIt(code: String) async throws {
    let failed = try await self.failure(["code": code, "pushback_ms": "30"])
    #expect(failed.pushback == .after(.milliseconds(30)))
  }

  @Test func mostServersSayNothing() async throws {
    #expect(try await self.failure(["code": "14"]).pushback == nil)
    #expect(try await self.failure(["code": "3", "message": "wrong"]).pushback == nil)
  }

  /// Then headers and trailers come apart.
  @Test func itMayComeAfterAMessage() async throws {
    let failed = try await self.failure(["code": "14", "messages": "1", "pushback_ms": "40"])
    #expect(failed.pushback == .after(.milliseconds(40)))
  }

  @Test func aSuccessIsASuccess() async throws {
    let channel = try GRPCChannel.to(try await FaultServer.url())
    #expect(try await channel.health(["pushback_ms": "50"]).failure == nil)
  }

  @Test func whatTheTransportSaysHasNone() async throws {
    let channel = try GRPCChannel.to(try await FaultServer.url())
    let faults: KeyValuePairs = ["delay_ms": "30000", "pushback_ms": "50"]
    let failed = try #require(try await channel.health(faults, timeout: .milliseconds(100)).failure)
    #expect(failed.status.code == .deadlineExceeded)
    #expect(failed.pushback == nil)
  }
}
