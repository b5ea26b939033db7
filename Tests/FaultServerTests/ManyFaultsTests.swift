// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing
import TritonClient

/// Calls of all kinds at a time on one connection: none may disturb another.
@Suite(.timeLimit(.minutes(1))) struct ManyFaultsTests {
  /// A fault and the code that its call ends with; `nil` for an answer.
  private static let faults: [([String: InferenceParameter], InferenceError.Code?)] = [
    ([:], nil), (["delay_ms": 20], nil), (["code": 3], .invalidArgument), (["code": 14], .unavailable),
    (["code": 13, "message_byte_count": 5_000], .internalError), (["appended_hex": "ff"], .malformedResponse),
    (["keep_bytes": -3], .malformedResponse), (["shape": "-1"], .malformedResponse),
    (["added_bytes": 7], .malformedResponse), (["added_contents": -1], .malformedResponse),
    (["data_type": "X"], .malformedResponse), (["delay_ms": 30_000], .deadlineExceeded),
    (["compression": "gzip"], nil),
  ]

  @Test func eachCallEndsAsItWould() async throws {
    let client = try await FaultServer.client(.sentOnce)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for index in 0..<400 {
        let (faults, code) = ManyFaultsTests.faults[index % ManyFaultsTests.faults.count]
        group.addTask {
          let values = [Float(index), -Float(index)]
          let ending = try await client.ending(
            of: .echo(["x": Tensor(values)], faults: faults),
            timeout: code == .deadlineExceeded ? .milliseconds(200) : .seconds(20)
          )
          switch ending {
          case .success(let answer):
            #expect(code == nil)
            #expect(try answer.output("x").array(of: Float.self) == values)
          case .failure(let error):
            #expect(error.code == code, "\(faults): \(error)")
          }
        }
      }
      try await group.waitForAll()
    }
    try await client.expectToWork()
  }
}
