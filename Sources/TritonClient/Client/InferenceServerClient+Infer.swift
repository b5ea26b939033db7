// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Synchronization

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
    let begin = MonotonicInstant.now
    let message = try RequestEncoder.encode(request)
    return try await self.infer(
      request,
      message: message,
      acceptance: nil,
      begin: begin,
      encodeEnd: MonotonicInstant.now,
      options: options.withTimeout(timeout)
    )
  }

  /// Makes a request ready to be sent many times.
  ///
  /// - Throws: ``InferenceError`` with `invalidArgument` for a request that the protocol has no room for.
  public func prepare(_ request: InferenceRequest) throws -> PreparedRequest {
    try PreparedRequest(request)
  }

  /// Has a model compute; as ``infer(_:timeout:options:)-(InferenceRequest,_,_)`` for a request that is ready.
  ///
  /// A prepared request is compared with the model's signature once; sent again it costs no comparison as long as
  /// the model's version does not change.
  public func infer(
    _ prepared: PreparedRequest,
    timeout: Duration? = nil,
    options: CallOptions = .defaults
  ) async throws -> InferenceResponse {
    let begin = MonotonicInstant.now
    return try await self.infer(
      prepared.request,
      message: prepared.message,
      acceptance: prepared.acceptance,
      begin: begin,
      encodeEnd: begin,
      options: options.withTimeout(timeout)
    )
  }

  /// What was counted of this client's inferences since it was made.
  public func inferenceStatistics() -> InferenceStatistics {
    self.inferences.withLock { $0 }
  }

  private func infer(
    _ request: InferenceRequest,
    message: OutgoingMessage,
    acceptance: Acceptance?,
    begin: MonotonicInstant,
    encodeEnd: MonotonicInstant,
    options: CallOptions
  ) async throws -> InferenceResponse {
    var options = options
    var signature: CachedSignature?
    if self.configuration.validatesRequests {
      // A function that need not wait costs less than one that may.
      signature = self.knownSignature(for: request, acceptance: acceptance)
      if signature == nil {
        signature = try await self.accepted(request, acceptance: acceptance, options: options)
      }
    }
    if !request.isIdempotent { options.retry = .never }
    let subject = CallSubject(
      method: .modelInfer,
      model: request.model,
      version: request.version,
      requestID: request.id,
      sequence: request.sequence.map { EndpointTable.SequencePin($0) },
      queueLimit: signature?.value.queueLimit(of: request)
    )
    var attempts = 0
    var endpoint: String?
    do {
      let answer = try await self.send(message, for: subject, options: options)
      attempts = answer.attempts
      endpoint = answer.endpoint.url
      let response = try self.decode(answer, begin: begin, encodeEnd: encodeEnd)
      if let signature, !signature.fits(answerOf: response.version) {
        self.signatures.forget(model: request.model)
      }
      return response
    } catch var error as InferenceError {
      error.model = error.model ?? request.model
      error.endpoint = error.endpoint ?? endpoint ?? self.url
      error.attempt = max(error.attempt, attempts)
      throw await self.explaining(error, request: request, options: options)
    }
  }

  private func decode(
    _ answer: Answer,
    begin: MonotonicInstant,
    encodeEnd: MonotonicInstant
  ) throws -> InferenceResponse {
    var response = try ResponseDecoder.decode(answer.message.pieces)
    let timing = CallTiming(
      encodeBegin: begin,
      encodeEnd: encodeEnd,
      sendBegin: answer.sendBegin,
      receiveEnd: answer.receiveEnd,
      decodeEnd: MonotonicInstant.now,
      attempts: answer.attempts,
      transport: TransportInstants(answer.message.times, from: answer.sendBegin)
    )
    response.timing = timing
    response.endpoint = answer.endpoint.url
    self.inferences.withLock { $0.count(timing) }
    return response
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
      guard let signature = self.signatures.signature(of: request.model, version: request.version) else {
        return error
      }
      self.signatures.forget(model: request.model)
      var error = error
      error.message += "; the model expects \(signature.value)"
      return error
    default:
      return error
    }
  }
}

extension CallOptions {
  /// The options with a timeout of their own where one is given.
  fileprivate func withTimeout(_ timeout: Duration?) -> CallOptions {
    guard let timeout else { return self }
    var options = self
    options.timeout = timeout
    return options
  }
}
