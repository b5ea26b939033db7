// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import LocalTriton

/// The Triton server of these tests: the one that `TRITON_URL` names, else a local one of their own.
///
/// The integration tests have another one, because they run at the same time: here the settings and the models of
/// a whole server are changed and compared.
enum ConformanceServer {
  /// The folder of the package.
  static let packageFolder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The models that the operations are written for.
  static let models = ConformanceServer.packageFolder.appendingPathComponent("Tests/IntegrationTests/models")

  private static let server = Task { try await ConformanceServer.start() }

  /// The address for gRPC.
  static func url() async throws -> String {
    try await ConformanceServer.server.value.url
  }

  /// A server, and what keeps it: a local one ends with the last reference or with this process.
  private struct Running {
    let url: String
    let local: LocalTritonServer?
  }

  private static func start() async throws -> Running {
    if let url = ProcessInfo.processInfo.environment["TRITON_URL"], !url.isEmpty {
      return Running(url: url, local: nil)
    }
    let configuration = LocalTritonServer.Configuration(
      modelRepositories: [ConformanceServer.models],
      // Headers of these names are shown to the models. As in Tests/Support/docker-compose.tests.yml.
      extraArguments: ["--grpc-header-forward-pattern=x-conformance-.*"]
    )
    let local = try await LocalTritonServer.start(configuration)
    return Running(url: local.grpcURL, local: local)
  }
}
