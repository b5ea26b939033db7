// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// The one place where gRPC's and Triton's words become an ``InferenceError``.
extension InferenceError {
  /// The error for a call that ended with a status other than OK.
  ///
  /// Triton uses UNAVAILABLE for a model that is not loaded, for a full queue, for a server that is stopping
  /// and for a protocol that is restricted; its text tells them apart.
  init(_ status: RPCStatus, call: String, model: String?, endpoint: String, attempt: Int) {
    let (code, advice) = InferenceError.translation(of: status, model: model)
    let text = status.message.isEmpty ? "the server gave no reason" : status.message
    self.init(
      code: code,
      message: "\(call) failed: \(text)" + (advice.map { "; \($0)" } ?? ""),
      model: model,
      endpoint: endpoint,
      attempt: attempt,
      status: status
    )
  }

  private static func translation(of status: RPCStatus, model: String?) -> (Code, advice: String?) {
    let text = status.message.lowercased()
    switch status.code {
    // What Triton says of a model between its unloading and its next loading.
    case .notFound where text.contains("has no available versions"),
      .unavailable where text.contains("has no available versions"),
      .unknown where text.contains("has no available versions"):
      return (.modelNotReady, "load the model or wait until it is ready")
    case .notFound where model != nil && text.contains("unknown model"):
      return (.modelNotFound, "repositoryIndex() lists the models that the server has")
    // Statistics and trace settings say it in their own words.
    case .invalidArgument where model != nil && text.namesAnUnknownModel:
      return (.modelNotFound, "repositoryIndex() lists the models that the server has")
    // An error inside a stream comes as a text alone.
    case .unavailable where text.contains("unknown model"), .unknown where text.contains("unknown model"):
      return (.modelNotFound, "repositoryIndex() lists the models that the server has")
    case .unavailable where text.contains("is not at ready state") || text.contains("not ready"):
      return (.modelNotReady, "load the model or wait until it is ready")
    case .unavailable where text.contains("protocol is restricted"):
      return (.permissionDenied, "send the header that the server expects with this call")
    case .unavailable where text.contains("maximum queue size"):
      return (.resourceExhausted, "the model's queue is full: try again later")
    case .unavailable:
      return (.unavailable, "check that the server runs and that the address and port are its gRPC ones")
    case .deadlineExceeded:
      return (.deadlineExceeded, "give the call a longer timeout, or look at the server's load")
    case .cancelled: return (.cancelled, nil)
    case .notFound: return (.notFound, nil)
    case .invalidArgument, .outOfRange, .failedPrecondition: return (.invalidArgument, nil)
    case .resourceExhausted where text.contains("larger than max"):
      return (.responseTooLarge, "raise maximumResponseByteCount or ask for fewer outputs at once")
    case .resourceExhausted: return (.resourceExhausted, "try again later")
    case .alreadyExists: return (.alreadyExists, nil)
    case .permissionDenied: return (.permissionDenied, nil)
    case .unauthenticated: return (.unauthenticated, nil)
    case .unimplemented: return (.unimplemented, "this server does not have the operation")
    default: return (.internalError, nil)
    }
  }
}

extension String {
  /// Whether an INVALID_ARGUMENT of Triton's is about a model that the server does not have.
  fileprivate var namesAnUnknownModel: Bool {
    self.contains("unknown model") || self.contains("version is not available")
      || (self.contains("requested model") && self.contains("is not available"))
  }
}
