// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import LocalTriton
import RemoteNodes
import TritonClient

extension Session {
  /// The server, as reports tell of it: the one that computed last, where there are several.
  func report() async throws -> Report.Server {
    let metadata = try await surviving { try await client.serverMetadata() }
    let url = servers.last ?? place
    return Report.Server(
      url: url, name: metadata.name, version: metadata.version,
      startedHere: isLocal || url == fallback?.server?.grpcURL)
  }

  /// The models of a checkpoint with the versions that the server runs, by role.
  func models(of pipeline: Pipeline) async throws -> [Report.Model] {
    Self.models(
      of: pipeline, index: try await surviving { try await client.repositoryIndex(onlyReady: true) })
  }

  /// The models of a checkpoint with their versions in an index, by role.
  static func models(of pipeline: Pipeline, index: [RepositoryEntry]) -> [Report.Model] {
    // Without a version in the request the server takes the newest.
    let versions = Dictionary(grouping: index.filter { $0.state == .ready }, by: \.name).mapValues {
      entries in
      entries.compactMap(\.version).max { (Int($0) ?? 0) < (Int($1) ?? 0) }
    }
    return pipeline.models.sorted { $0.key.name < $1.key.name }.map { role, model in
      Report.Model(role: role.name, name: model.name, version: versions[model.name] ?? nil)
    }
  }
}
