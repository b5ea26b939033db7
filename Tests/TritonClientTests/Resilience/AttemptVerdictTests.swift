// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing

@testable import TritonClient

@Suite struct AttemptVerdictTests {
  @Test func noFailureIsASuccess() {
    #expect(AttemptVerdict(nil) == .success)
  }

  @Test(arguments: [
    InferenceError.Code.invalidArgument, .modelNotFound, .notFound, .alreadyExists, .permissionDenied,
    .unauthenticated, .unimplemented, .responseTooLarge,
  ])
  func aServerThatSaysNoHasAnswered(code: InferenceError.Code) {
    #expect(AttemptVerdict(code) == .success)
  }

  @Test(arguments: [InferenceError.Code.unavailable, .deadlineExceeded])
  func aServerThatDoesNotAnswerHasFailed(code: InferenceError.Code) {
    #expect(AttemptVerdict(code) == .endpointFailure)
  }

  @Test func aModelThatIsNotReadyIsTheModelsFailure() {
    #expect(AttemptVerdict(.modelNotReady) == .modelFailure)
  }

  @Test(arguments: [
    InferenceError.Code.resourceExhausted, .cancelled, .internalError, .malformedResponse, .closed,
    .typeMismatch,
  ])
  func theRestSaysNothing(code: InferenceError.Code) {
    #expect(AttemptVerdict(code) == .neutral)
  }
}
