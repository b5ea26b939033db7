// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

extension InferenceServerClient {
  /// Has a model compute.
  ///
  /// The request is compared with the model's signature first, which is fetched once for each model and again
  /// when a request does not fit it, because the model may have been replaced meanwhile.
  ///
  /// - Parameters:
  ///   - request: the model and its inputs. Their memory is not copied.
  ///   - timeout: time for the call, all attempts and pauses included; the client's if `nil`.
  ///   - options: what else this call does differently.
  /// - Returns: the answer; its tensors are views of what arrived.
  /// - Throws: ``InferenceError``: `modelNotFound`, or `invalidArgument` and `typeMismatch` with the signature
  ///   that the model expects, before anything is sent; what the server answers otherwise.
  public func infer(
    _ request: InferenceRequest,
    timeout: Duration? = nil,
    options: CallOptions = .defaults
  ) async throws -> InferenceResponse {
    try await self.infer(PreparedRequest(request), timeout: timeout, options: options)
  }

  /// Makes a request ready to be sent many times.
  ///
  /// - Throws: ``InferenceError`` with `invalidArgument` for a request that the protocol has no room for.
  public func prepare(_ request: InferenceRequest) throws -> PreparedRequest {
    try PreparedRequest(request)
  }

  /// Has a model compute; as ``infer(_:timeout:options:)-(InferenceRequest,_,_)`` for a request that is ready.
  public func infer(
    _ prepared: PreparedRequest,
    timeout: Duration? = nil,
    options: CallOptions = .defaults
  ) async throws -> InferenceResponse {
    let request = prepared.request
    var options = options
    options.timeout = timeout ?? options.timeout
    if self.configuration.validatesRequests {
      try await self.validate(request, options: options)
    }
    if !request.isIdempotent { options.retry = .never }
    do {
      let received = try await self.send(
        prepared.message,
        to: .modelInfer,
        model: request.model,
        options: options
      )
      return try ResponseDecoder.decode(received.pieces)
    } catch var error as InferenceError {
      error.model = error.model ?? request.model
      error.endpoint = error.endpoint ?? self.url
      throw await self.explaining(error, request: request, options: options)
    }
  }

  /// Throws unless the request fits the signature that the server has for the model now.
  func validate(_ request: InferenceRequest, options: CallOptions) async throws {
    if let known = self.signatures.signature(of: request) {
      if known.problems(with: request).isEmpty { return }
      self.signatures.forget(model: request.model)
    }
    let current = try await self.fetchSignature(of: request, options: options)
    self.signatures.remember(current, of: request)
    guard let problem = current.problems(with: request).first else { return }
    throw InferenceError(
      code: problem.code,
      message: "\(problem.message); the model expects \(current)",
      model: request.model,
      endpoint: self.url
    )
  }

  private func fetchSignature(
    of request: InferenceRequest,
    options: CallOptions
  ) async throws -> ModelSignature {
    async let metadata = self.modelMetadata(request.model, version: request.version, options: options)
    async let configuration = self.configurationIfAny(of: request, options: options)
    return try await ModelSignature(metadata: metadata, configuration: configuration)
  }

  /// Only Triton has configurations; other servers' metadata has to do.
  private func configurationIfAny(
    of request: InferenceRequest,
    options: CallOptions
  ) async throws -> ModelConfiguration? {
    do {
      return try await self.modelConfiguration(request.model, version: request.version, options: options)
    } catch let error as InferenceError where error.code == .unimplemented {
      return nil
    }
  }

  /// Adds to a server's refusal what the client knows: the model's signature, or which models there are.
  private func explaining(
    _ error: InferenceError,
    request: InferenceRequest,
    options: CallOptions
  ) async -> InferenceError {
    switch error.code {
    case .modelNotFound:
      self.signatures.forget(model: request.model)
      return await self.namingKnownModels(error, options: options)
    case .invalidArgument:
      guard let signature = self.signatures.signature(of: request) else { return error }
      self.signatures.forget(model: request.model)
      var error = error
      error.message += "; the model expects \(signature)"
      return error
    default:
      return error
    }
  }
}
