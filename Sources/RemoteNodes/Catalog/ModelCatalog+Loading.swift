// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

public import TritonClient

extension ModelCatalog {
  /// Configurations asked for at the same time.
  private static let concurrentRequests = 8

  /// Asks a server for its models and their configurations.
  ///
  /// Models that are not ready cannot be asked; they are listed with the reason.
  ///
  /// - Throws: `InferenceError` where the server cannot be asked.
  public static func load(from client: InferenceServerClient) async throws -> ModelCatalog {
    let index = try await client.repositoryIndex()
    let ready = Set(index.filter { $0.state == .ready }.map(\.name))
    var unavailable: [String: String] = [:]
    for entry in index where !ready.contains(entry.name) {
      unavailable[entry.name] = entry.reason.isEmpty ? "\(entry.state)" : "\(entry.state): \(entry.reason)"
    }

    let models = try await withThrowingTaskGroup(of: (name: String, model: ModelReference?).self) { group in
      var waiting = ready.sorted()[...]
      func startNext() {
        guard let name = waiting.popFirst() else { return }
        group.addTask { (name, try await configuration(of: name, from: client)) }
      }
      for _ in 0..<concurrentRequests { startNext() }
      var models: [ModelReference] = []
      while let answer = try await group.next() {
        if let model = answer.model {
          models.append(model)
        } else {
          unavailable[answer.name] = "it was unloaded just now"
        }
        startNext()
      }
      return models
    }
    return ModelCatalog(server: client.url, models: models, unavailableModels: unavailable)
  }

  /// A model's configuration; nil where it vanished since the index was made.
  private static func configuration(
    of name: String, from client: InferenceServerClient
  ) async throws -> ModelReference? {
    do {
      return ModelReference(try await client.modelConfiguration(name))
    } catch let error as InferenceError where [.modelNotFound, .modelNotReady].contains(error.code) {
      return nil
    }
  }
}
