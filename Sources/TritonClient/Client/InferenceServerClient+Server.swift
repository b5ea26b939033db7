// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import InferenceProtos

extension InferenceServerClient {
  /// Whether the server runs and answers.
  ///
  /// - Throws: ``InferenceError`` when it cannot be asked, `unavailable` when nothing answers at the address.
  public func isServerLive(options: CallOptions = .defaults) async throws -> Bool {
    try await self.call(
      .serverLive,
      Inference_ServerLiveRequest(),
      returning: Inference_ServerLiveResponse.self,
      options: options
    ).live
  }

  /// Whether the server is ready for inference.
  ///
  /// - Throws: ``InferenceError`` when it cannot be asked, `unavailable` when nothing answers at the address.
  public func isServerReady(options: CallOptions = .defaults) async throws -> Bool {
    try await self.call(
      .serverReady,
      Inference_ServerReadyRequest(),
      returning: Inference_ServerReadyResponse.self,
      options: options
    ).ready
  }

  /// The server's name, version and extensions.
  ///
  /// - Throws: ``InferenceError``.
  public func serverMetadata(options: CallOptions = .defaults) async throws -> ServerMetadata {
    let response = try await self.call(
      .serverMetadata,
      Inference_ServerMetadataRequest(),
      returning: Inference_ServerMetadataResponse.self,
      options: options
    )
    return ServerMetadata(name: response.name, version: response.version, extensions: response.extensions)
  }

  /// The models in the server's repositories, loaded or not.
  ///
  /// - Parameters:
  ///   - onlyReady: whether models that cannot be used now are left out.
  ///   - options: what this call does differently.
  /// - Throws: ``InferenceError``.
  public func repositoryIndex(
    onlyReady: Bool = false,
    options: CallOptions = .defaults
  ) async throws -> [RepositoryEntry] {
    var request = Inference_RepositoryIndexRequest()
    request.ready = onlyReady
    let response = try await self.call(
      .repositoryIndex,
      request,
      returning: Inference_RepositoryIndexResponse.self,
      options: options
    )
    return response.models.map { model in
      RepositoryEntry(
        name: model.name,
        version: model.version.isEmpty ? nil : model.version,
        state: RepositoryEntry.State(name: model.state),
        reason: model.reason
      )
    }
  }
}
