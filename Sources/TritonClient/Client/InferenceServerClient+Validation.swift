// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

extension InferenceServerClient {
  /// Compares a request with what its model expects, as ``infer(_:timeout:options:)-(InferenceRequest,_,_)`` does
  /// before it sends one.
  ///
  /// The model's signature is asked for once and then known to the client. It is asked for again when a request
  /// does not fit it, when an answer comes from another version of the model, and after the client has had the
  /// server load or unload the model.
  ///
  /// - Parameters:
  ///   - request: the request; it is not sent.
  ///   - options: what the calls for the model's metadata and configuration do differently.
  /// - Throws: ``InferenceError`` with `typeMismatch` when nothing but data types is wrong, else with
  ///   `invalidArgument`; its message names all problems and what the model expects. `modelNotFound`, and whatever
  ///   keeps the server from being asked.
  public func validate(_ request: InferenceRequest, options: CallOptions = .defaults) async throws {
    _ = try await self.accepted(request, acceptance: nil, options: options)
  }

  /// Compares a prepared request with what its model expects; sending it then costs no further comparison.
  ///
  /// - Throws: as ``validate(_:options:)-(InferenceRequest,_)``.
  public func validate(_ prepared: PreparedRequest, options: CallOptions = .defaults) async throws {
    _ = try await self.accepted(prepared.request, acceptance: prepared.acceptance, options: options)
  }

  /// The signature that a request fits.
  func accepted(
    _ request: InferenceRequest,
    acceptance: Acceptance?,
    options: CallOptions
  ) async throws -> CachedSignature {
    if let known = self.knownSignature(for: request, acceptance: acceptance) { return known }
    if self.signatures.signature(of: request.model, version: request.version) != nil {
      self.signatures.forget(model: request.model)
    }
    let current = try await self.fetchSignature(of: request.model, version: request.version, options: options)
    if let refusal = current.value.refusal(of: request, endpoint: self.url) { throw refusal }
    acceptance?.remember(current)
    return current
  }

  /// The signature that a request fits, if the client knows it.
  func knownSignature(for request: InferenceRequest, acceptance: Acceptance?) -> CachedSignature? {
    if let known = acceptance?.current(in: self.signatures) { return known }
    let known = self.signatures.signature(of: request.model, version: request.version)
    guard let known, known.value.problems(with: request).isEmpty else { return nil }
    acceptance?.remember(known)
    return known
  }

  /// What a model takes and gives, as far as the client knows; asks the server if it does not.
  func signature(of model: String, version: String?, options: CallOptions) async throws -> ModelSignature {
    if let known = self.signatures.signature(of: model, version: version) { return known.value }
    return try await self.fetchSignature(of: model, version: version, options: options).value
  }

  private func fetchSignature(
    of model: String,
    version: String?,
    options: CallOptions
  ) async throws -> CachedSignature {
    async let metadata = self.modelMetadata(model, version: version, options: options)
    async let configuration = self.configurationIfAny(of: model, version: version, options: options)
    let signature = try await ModelSignature(metadata: metadata, configuration: configuration)
    return self.signatures.remember(signature, of: model, version: version)
  }

  /// Only Triton has configurations; other servers' metadata has to do.
  private func configurationIfAny(
    of model: String,
    version: String?,
    options: CallOptions
  ) async throws -> ModelConfiguration? {
    do {
      return try await self.modelConfiguration(model, version: version, options: options)
    } catch let error as InferenceError where error.code == .unimplemented {
      return nil
    }
  }
}

extension InferenceRequest {
  /// Compares the request with a model's metadata, without a server.
  ///
  /// - Parameters:
  ///   - metadata: what the model takes and gives.
  ///   - configuration: what Triton knows besides: which inputs are optional, the largest batch, whether requests
  ///     must belong to a sequence. Without it every input is required.
  /// - Throws: ``InferenceError`` with `typeMismatch` when nothing but data types is wrong, else with
  ///   `invalidArgument`; its message names all problems and what the model expects.
  public func validate(
    against metadata: ModelMetadata,
    configuration: ModelConfiguration? = nil
  ) throws {
    guard self.model == metadata.name else {
      throw InferenceError(
        code: .invalidArgument,
        message: "the request is for another model than the metadata, which is \"\(metadata.name)\"'s",
        model: self.model
      )
    }
    let signature = ModelSignature(metadata: metadata, configuration: configuration)
    if let refusal = signature.refusal(of: self) { throw refusal }
  }
}
