// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing
import TritonClient

/// Answers larger than expected.
@Suite(.timeLimit(.minutes(1))) struct AnswerSizeTests {
  @Test(arguments: [0, 1, 5 << 20, 64 << 20])
  func anAnswerMayBeAsLargeAsItIs(byteCount: Int) async throws {
    let client = try await FaultServer.client(.sentOnce)
    let output = try await client.infer(.zeros(byteCount)).output("OUTPUT")
    #expect(output.shape == [byteCount])
    #expect(output.byteCount == byteCount)
  }

  @Test func anAnswerOverTheLimitIsRefused() async throws {
    let client = try await FaultServer.client(
      .init(
        retry: .exponentialBackoff(initial: .milliseconds(1)),
        maximumResponseByteCount: 10_000,
        validatesRequests: false
      )
    )
    let error = try await client.failure(of: .zeros(1 << 20))
    #expect(error.code == .responseTooLarge)
    #expect(error.message.contains("10000"))
    // The same answer would come again.
    #expect(error.attempt == 1)
    #expect(!error.message.contains("try again later"))
  }

  @Test func theLimitHoldsForWhatIsUnpacked() async throws {
    let client = try await FaultServer.client(
      .init(retry: .never, maximumResponseByteCount: 1 << 20, validatesRequests: false)
    )
    let error = try await client.failure(of: .zeros(32 << 20, faults: ["compression": "gzip"]))
    #expect(error.code == .responseTooLarge)
  }
}
