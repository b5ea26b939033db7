// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// What the end of an attempt says about the server that was asked.
package enum AttemptVerdict: Sendable, Hashable {
  /// The server answered, also when its answer is that the request is wrong or may not be made.
  case success

  /// The server could not be reached, takes no calls, or did not answer in time.
  case endpointFailure

  /// The server answered that the model is not ready.
  case modelFailure

  /// Nothing that speaks for or against the server: it is busy, something inside it broke, or nobody waited.
  case neutral

  /// The verdict on an attempt that failed in this way; `nil` for one that did not fail.
  package init(_ code: InferenceError.Code?) {
    switch code {
    case nil, .invalidArgument, .modelNotFound, .notFound, .alreadyExists, .permissionDenied,
      .unauthenticated, .unimplemented, .responseTooLarge:
      self = .success
    case .unavailable, .deadlineExceeded: self = .endpointFailure
    case .modelNotReady: self = .modelFailure
    default: self = .neutral
    }
  }
}
