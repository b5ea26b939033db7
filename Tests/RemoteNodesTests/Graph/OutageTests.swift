// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing
import TritonClient

@testable import RemoteNodes

@Suite("An outage as a value")
struct OutageTests {
  private let start = MonotonicInstant(nanoseconds: 1_000_000_000)

  @Test("Pauses grow twofold up to a second")
  func growth() {
    var outage = Outage(RecoveryPolicy(patience: .seconds(60), interval: .milliseconds(100)), at: start)
    let pauses = (1...7).map { _ in outage.pause(retryAfter: nil, at: start) }
    #expect(pauses == [100, 200, 400, 800, 1000, 1000, 1000].map { .milliseconds($0) })
  }

  @Test("A first pause over a second stays as it is")
  func longInterval() {
    var outage = Outage(RecoveryPolicy(patience: .seconds(60), interval: .seconds(3)), at: start)
    #expect((1...3).map { _ in outage.pause(retryAfter: nil, at: start) } == [3, 3, 3].map { .seconds($0) })
  }

  @Test("Patience begins with the first failure: the last pause ends with it, and then there is none")
  func patience() {
    var outage = Outage(RecoveryPolicy(patience: .seconds(10), interval: .seconds(1)), at: start)
    #expect(outage.remaining(at: start) == .seconds(10))
    #expect(outage.pause(retryAfter: nil, at: start + .seconds(9)) == .seconds(1))
    #expect(outage.pause(retryAfter: nil, at: start + .milliseconds(9_700)) == .milliseconds(300))
    #expect(outage.remaining(at: start + .milliseconds(9_700)) == .milliseconds(300))
    #expect(outage.pause(retryAfter: nil, at: start + .seconds(10)) == nil)
    #expect(outage.pause(retryAfter: .zero, at: start + .seconds(11)) == nil)
    #expect(outage.remaining(at: start + .seconds(11)) == .zero)
  }

  @Test("Not before a call is let through, unless patience ends before that")
  func retryAfter() {
    var outage = Outage(RecoveryPolicy(patience: .seconds(10), interval: .milliseconds(100)), at: start)
    #expect(outage.pause(retryAfter: .seconds(4), at: start) == .seconds(4))
    // The pause has grown meanwhile, and a shorter wish does not shorten it.
    #expect(outage.pause(retryAfter: .milliseconds(1), at: start) == .milliseconds(200))
    #expect(outage.pause(retryAfter: .seconds(30), at: start + .seconds(8)) == .seconds(2))
  }

  @Test("No patience, no pause")
  func never() {
    var outage = Outage(.never, at: start)
    #expect(outage.pause(retryAfter: nil, at: start) == nil)
    #expect(RecoveryPolicy.never.patience == .zero)
    #expect(RecoveryPolicy.defaults.patience == .seconds(60))
    #expect(
      RecoveryPolicy(patience: .seconds(-1), interval: .zero)
        == RecoveryPolicy(
          patience: .zero, interval: .milliseconds(1)))
  }

  @Test(
    "What can pass by itself, and what cannot",
    arguments: zip(
      [
        .unavailable, .deadlineExceeded, .modelNotReady, .resourceExhausted, .cancelled, .invalidArgument,
        .typeMismatch, .modelNotFound, .notFound, .alreadyExists, .permissionDenied, .unauthenticated,
        .unimplemented, .internalError, .malformedResponse, .responseTooLarge, .closed,
      ] as [InferenceError.Code],
      [
        true, true, true, true, true, false, false, false, false, false, false, false, false, false, false,
        false, false,
      ]))
  func codes(_ code: InferenceError.Code, _ canPass: Bool) {
    #expect(Outage.canPass(code) == canPass)
  }
}
