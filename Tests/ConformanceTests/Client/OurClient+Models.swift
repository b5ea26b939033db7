// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import TritonClient

/// Steps about models.
extension OurClient {
  /// `nil` for a step that is about something else.
  func askAboutModels(_ call: String, _ step: JSON) async throws -> JSON? {
    let model = try step["model"]?.string ?? ""
    let version = try step["version"]?.string
    switch call {
    case "model_ready":
      return .bool(try await self.client.isModelReady(model, version: version))
    case "model_metadata":
      return Canonical.metadata(try await self.client.modelMetadata(model, version: version))
    case "model_configuration":
      return Canonical.configuration(try await self.client.modelConfiguration(model, version: version))
    case "statistics_names":
      let found = try await self.client.modelStatistics(model.isEmpty ? nil : model, version: version)
      return .array(found.map { "\($0.name)/\($0.version)" }.sorted().map(JSON.string))
    case "repository_index":
      let onlyReady = try step["ready"]?.boolean ?? false
      return Canonical.index(try await self.client.repositoryIndex(onlyReady: onlyReady))
    case "load_model":
      let files = try step["files"]?.members.mapValues { try $0.data } ?? [:]
      try await self.client.loadModel(model, configuration: try step["config"]?.string, files: files)
    case "unload_model":
      let dependents = try step["dependents"]?.boolean ?? false
      try await self.client.unloadModel(model, unloadsDependents: dependents)
    case "await_unloaded":
      try await self.awaitUnloaded(model)
    default:
      return nil
    }
    return .null
  }

  /// Unloading goes on after its answer; the model is not ready long before it is gone.
  private func awaitUnloaded(_ model: String) async throws {
    for _ in 0..<400 {
      let states = try await self.client.repositoryIndex().filter { $0.name == model }.map(\.state)
      if states.allSatisfy({ $0 == .unavailable }) { return }
      try await Task.sleep(for: .milliseconds(25))
    }
    throw InferenceError(code: .internalError, message: "\(model) is still loaded")
  }
}
