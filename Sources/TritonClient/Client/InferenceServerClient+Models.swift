// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import InferenceProtos
import SwiftProtobuf

extension InferenceServerClient {
  /// Whether a model is loaded and takes requests.
  ///
  /// - Parameters:
  ///   - name: the model.
  ///   - version: one version of it; `nil` for the one that the server would choose.
  ///   - options: what this call does differently.
  /// - Returns: `false` also for a model that the server does not know.
  /// - Throws: ``InferenceError`` when the server cannot be asked.
  public func isModelReady(
    _ name: String,
    version: String? = nil,
    options: CallOptions = .defaults
  ) async throws -> Bool {
    var request = Inference_ModelReadyRequest()
    request.name = name
    request.version = version ?? ""
    do {
      return try await self.call(
        .modelReady,
        request,
        returning: Inference_ModelReadyResponse.self,
        model: name,
        options: options
      ).ready
    } catch let error as InferenceError where [.modelNotFound, .modelNotReady].contains(error.code) {
      return false
    }
  }

  /// A model's inputs and outputs.
  ///
  /// - Throws: ``InferenceError``; `modelNotFound` names what the server has instead.
  public func modelMetadata(
    _ name: String,
    version: String? = nil,
    options: CallOptions = .defaults
  ) async throws -> ModelMetadata {
    var request = Inference_ModelMetadataRequest()
    request.name = name
    request.version = version ?? ""
    let response = try await self.callAboutModel(
      .modelMetadata,
      request,
      returning: Inference_ModelMetadataResponse.self,
      model: name,
      options: options
    )
    return try ModelMetadata(response, endpoint: self.url)
  }

  /// A model's configuration: batching, inputs and outputs without the batch dimension, parameters.
  ///
  /// - Throws: ``InferenceError``; `unimplemented` by servers other than Triton.
  public func modelConfiguration(
    _ name: String,
    version: String? = nil,
    options: CallOptions = .defaults
  ) async throws -> ModelConfiguration {
    var request = Inference_ModelConfigRequest()
    request.name = name
    request.version = version ?? ""
    let response = try await self.callAboutModel(
      .modelConfig,
      request,
      returning: Inference_ModelConfigResponse.self,
      model: name,
      options: options
    )
    return try ModelConfiguration(response.config, endpoint: self.url)
  }

  /// What the server counted for one model or for all of them since they were loaded.
  ///
  /// - Throws: ``InferenceError``; `unimplemented` by servers other than Triton.
  public func modelStatistics(
    _ name: String? = nil,
    version: String? = nil,
    options: CallOptions = .defaults
  ) async throws -> [ModelStatistics] {
    var request = Inference_ModelStatisticsRequest()
    request.name = name ?? ""
    request.version = version ?? ""
    let response = try await self.callAboutModel(
      .modelStatistics,
      request,
      returning: Inference_ModelStatisticsResponse.self,
      model: name,
      options: options
    )
    return response.modelStats.map(ModelStatistics.init)
  }

  /// Calls a method about one model. That the server does not know the model is said with the ones it knows.
  private func callAboutModel<Request: Message, Response: Message>(
    _ method: RPCMethod,
    _ request: Request,
    returning: Response.Type,
    model: String?,
    options: CallOptions
  ) async throws -> Response {
    do {
      return try await self.call(method, request, returning: returning, model: model, options: options)
    } catch let error as InferenceError where error.code == .modelNotFound {
      throw await self.namingKnownModels(error, options: options)
    }
  }

  /// An error about an unknown model, completed by the models that the server has.
  func namingKnownModels(_ error: InferenceError, options: CallOptions) async -> InferenceError {
    guard let index = try? await self.repositoryIndex(options: options) else { return error }
    let names = Set(index.map(\.name)).sorted()
    var error = error
    let reason = error.status?.message ?? error.message
    error.message =
      names.isEmpty
      ? "\(reason); the server has no models at all"
      : "\(reason); the server has \(names.joined(separator: ", "))"
    return error
  }
}
