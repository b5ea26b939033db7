// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

public import Foundation
import InferenceProtos
import SwiftProtobuf

extension InferenceServerClient {
  /// Loads a model, or loads it again after its files changed. Returns when it is ready.
  ///
  /// A model that was loaded with another configuration keeps it until it is unloaded: without a change in the
  /// repository the server sees no reason to load it again.
  ///
  /// - Parameters:
  ///   - name: the model.
  ///   - configuration: a configuration as JSON, in the place of the one in the repository.
  ///   - files: contents of the model's files by their paths, such as "1/model.onnx", in the place of those in
  ///     the repository; they need a configuration beside them.
  ///   - options: what this call does differently. Loading may take longer than the usual timeout.
  /// - Throws: ``InferenceError``; `unavailable` or `unimplemented` when the server does not let clients load
  ///   models, `modelNotFound` for a model that is in none of its repositories, `invalidArgument` with the server's
  ///   reason when the model is wrong.
  public func loadModel(
    _ name: String,
    configuration: String? = nil,
    files: [String: Data] = [:],
    options: CallOptions = .defaults
  ) async throws {
    guard files.isEmpty || configuration != nil else {
      throw InferenceError(
        code: .invalidArgument,
        message: "files in the place of the repository's need a configuration beside them",
        model: name,
        endpoint: self.url
      )
    }
    var request = Inference_RepositoryModelLoadRequest()
    request.modelName = name
    if let configuration {
      request.parameters["config"] = .with { $0.stringParam = configuration }
    }
    for (path, contents) in files {
      request.parameters["file:\(path)"] = .with { $0.bytesParam = contents }
    }
    do {
      _ = try await self.call(
        .repositoryModelLoad,
        request,
        returning: Inference_RepositoryModelLoadResponse.self,
        model: name,
        options: options
      )
    } catch var error as InferenceError where configuration == nil && error.isAboutTheRepository {
      error.code = .modelNotFound
      throw await self.namingKnownModels(error, options: options)
    }
    self.signatures.forget(model: name)
  }

  /// Asks the server to unload a model. Running requests end first, so the model may be there a while longer.
  ///
  /// - Parameters:
  ///   - name: the model.
  ///   - unloadsDependents: whether the models that an ensemble consists of go with it.
  ///   - options: what this call does differently.
  /// - Throws: ``InferenceError``.
  public func unloadModel(
    _ name: String,
    unloadsDependents: Bool = false,
    options: CallOptions = .defaults
  ) async throws {
    var request = Inference_RepositoryModelUnloadRequest()
    request.modelName = name
    if unloadsDependents {
      request.parameters["unload_dependents"] = .with { $0.boolParam = true }
    }
    _ = try await self.call(
      .repositoryModelUnload,
      request,
      returning: Inference_RepositoryModelUnloadResponse.self,
      model: name,
      options: options
    )
    self.signatures.forget(model: name)
  }

  /// Waits until the server, or one of its models, is ready.
  ///
  /// A server that cannot be reached counts as not ready: it may be starting.
  ///
  /// - Parameters:
  ///   - model: the model; `nil` for the server itself.
  ///   - version: one version of the model.
  ///   - timeout: longest wait.
  ///   - interval: pause between two questions.
  /// - Throws: ``InferenceError`` with `deadlineExceeded` when the time is over, whose underlying error is how
  ///   the last question failed; `CancellationError`.
  public func waitUntilReady(
    model: String? = nil,
    version: String? = nil,
    timeout: Duration = .seconds(60),
    interval: Duration = .milliseconds(100)
  ) async throws {
    let deadline = ContinuousClock.now + timeout
    var lastError: (any Error)?
    while true {
      let remaining = ContinuousClock.now.duration(to: deadline)
      guard remaining > .zero else { break }
      // One of several servers that never answers must not take the others' time.
      let longest = min(self.configuration.timeout, self.configuration.healthCheck?.timeout ?? .seconds(2))
      var options = CallOptions(timeout: min(remaining, longest), retry: .never)
      options.isProbe = true
      do {
        let isReady =
          if let model {
            try await self.isModelReady(model, version: version, options: options)
          } else {
            try await self.isServerReady(options: options)
          }
        if isReady { return }
        lastError = nil
      } catch let error as InferenceError where [.unavailable, .deadlineExceeded].contains(error.code) {
        lastError = error
      }
      try await Task.sleep(for: min(interval, max(remaining, .zero)))
    }
    throw InferenceError(
      code: .deadlineExceeded,
      message: "\(model.map { "the model \"\($0)\"" } ?? "the server") was not ready within \(timeout)",
      model: model,
      endpoint: self.url,
      underlyingError: lastError
    )
  }
}

extension InferenceError {
  /// Whether Triton could not find a model in its repositories. It says the same of a configuration that it cannot
  /// use.
  fileprivate var isAboutTheRepository: Bool {
    self.status?.message.contains("failed to poll from model repository") ?? false
  }
}
