// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import ArgumentParser
import LocalTriton
import RemoteNodes
import TritonClient

/// The one place where errors of the libraries become an exit status.
extension Failure {
  /// What the user is told about `error`, and the status that the process ends with.
  init(_ error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case let error as GraphError: self.init(Self.status(of: error), error.description)
    case let error as InferenceError: self.init(Self.status(of: error.code), error.description)
    case let error as LocalTritonError:
      let log = error.logFile.map { " (log: \($0))" } ?? ""
      self.init(.unavailable, error.message + log, details: error.logTail)
    case let error as ValidationError: self.init(.usage, error.message)
    case is CancellationError: self.init(.software, "the run was cancelled")
    default: self.init(.software, String(describing: error))
    }
  }

  /// Whether an error, or one behind it, is a deadline: then the server has to be asked whether it still lives.
  static func isDeadline(_ error: any Error) -> Bool {
    switch error {
    case is DeadlineExceeded: true
    case let error as InferenceError: error.code == .deadlineExceeded
    case let error as GraphError: error.underlyingError.map(isDeadline) ?? false
    case let error as Sampler.StepError: isDeadline(error.underlyingError)
    default: false
    }
  }

  private static func status(of error: GraphError) -> ExitStatus {
    if let cause = error.underlyingError.flatMap(inferenceCode) { return status(of: cause) }
    switch error.code {
    case .invalidWorkflow, .unknownNode, .invalidInput: return .usage
    case .unknownCheckpoint, .unknownSampler, .unknownScheduler: return .usage
    case .missingModel: return .unavailable
    case .nodeTimedOut: return .tryAgain
    default: return .software
    }
  }

  /// The code of the server's error at the bottom of an error.
  private static func inferenceCode(_ error: any Error) -> InferenceError.Code? {
    switch error {
    case let error as InferenceError: error.code
    case let error as GraphError: error.underlyingError.flatMap(inferenceCode)
    case let error as Sampler.StepError: inferenceCode(error.underlyingError)
    default: nil
    }
  }

  private static func status(of code: InferenceError.Code) -> ExitStatus {
    switch code {
    // A full queue, a model that is being loaded, a live server that did not make it in time.
    case .resourceExhausted, .modelNotReady, .deadlineExceeded: .tryAgain
    // No connection, or a server that does not serve this client or has not got the model any more.
    case .unavailable, .closed, .modelNotFound, .permissionDenied, .unauthenticated: .unavailable
    // Requests are made by this program from checked values: a refused one is its own fault or the model's.
    default: .software
    }
  }
}
