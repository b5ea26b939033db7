// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import RemoteNodes
import TritonClient

/// The answer of `models`: fetched, and as text.
enum ModelListing {
  /// Asks the server for all that it has.
  static func fetch(from session: Session) async throws -> Report.Repository {
    let client = session.client
    let catalog = try await ModelCatalog.load(from: client)
    let entries = try await client.repositoryIndex().sorted { $0.name < $1.name }
    var places: [String: (checkpoint: String, role: String)] = [:]
    for pipeline in catalog.pipelines {
      for (role, model) in pipeline.models { places[model.name] = (pipeline.name, role.name) }
    }
    var models: [Report.ModelDetails] = []
    for entry in entries {
      // Only a loaded model can tell its signature.
      let metadata =
        entry.state == .ready ? try await client.modelMetadata(entry.name, version: entry.version) : nil
      models.append(
        Report.ModelDetails(
          name: entry.name, checkpoint: places[entry.name]?.checkpoint, role: places[entry.name]?.role,
          version: entry.version, state: entry.state.description,
          reason: entry.reason.isEmpty ? nil : entry.reason,
          inputs: metadata?.inputs.map(tensor) ?? [], outputs: metadata?.outputs.map(tensor) ?? []))
    }
    return Report.Repository(
      server: try await session.report(),
      checkpoints: catalog.pipelines.map { pipeline in
        Report.Checkpoint(
          name: pipeline.name, family: pipeline.family, models: Session.models(of: pipeline, index: entries))
      },
      models: models)
  }

  private static func tensor(_ metadata: TensorMetadata) -> Report.Tensor {
    Report.Tensor(name: metadata.name, dataType: metadata.dataType.name, shape: metadata.shape)
  }

  /// The listing for people: the server, each checkpoint with its models, then the models of none.
  static func lines(_ repository: Report.Repository) -> [String] {
    let server = repository.server
    var lines = ["server \(server.url): \(server.name) \(server.version)"]
    for checkpoint in repository.checkpoints {
      lines += ["", "checkpoint \(checkpoint.name) (\(checkpoint.family))"]
      for model in repository.models where model.checkpoint == checkpoint.name { lines += describe(model) }
    }
    let others = repository.models.filter { $0.checkpoint == nil }
    if !others.isEmpty { lines += ["", "models of no checkpoint"] + others.flatMap(describe) }
    return lines
  }

  private static func describe(_ model: Report.ModelDetails) -> [String] {
    let role = model.role.map { "\($0): " } ?? ""
    let version = model.version.map { ", version \($0)" } ?? ""
    let reason = model.reason.map { ": \(Console.oneLine($0))" } ?? ""
    return ["  \(role)\(model.name)\(version), \(model.state)\(reason)"]
      + model.inputs.map { "    in   \(describe($0))" }
      + model.outputs.map { "    out  \(describe($0))" }
  }

  private static func describe(_ tensor: Report.Tensor) -> String {
    let sizes = tensor.shape.map { $0 < 0 ? "*" : String($0) }.joined(separator: ", ")
    return "\(tensor.name) \(tensor.dataType) [\(sizes)]"
  }
}
