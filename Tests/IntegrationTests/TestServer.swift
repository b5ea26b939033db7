// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import LocalTriton

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// The Triton server that all integration tests share: the one that `TRITON_URL` names, else a local one with
/// `models/shapes`, started when the first test needs it.
///
/// A local server ends with this process: its supervisor notices that, however the process ends.
enum TestServer {
  /// A port besides gRPC's.
  enum Port {
    case http
    case metrics
  }

  /// What a server answered over HTTP.
  struct Answer {
    var status: Int
    var body: String
  }

  private struct Addresses {
    var grpc: String
    var http: String
    var metrics: String
  }

  private static let addresses = Task { try await find() }

  /// The folder of the package.
  static let packageFolder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The model repository that the tests are written for.
  static let modelRepository = packageFolder.appendingPathComponent("models/shapes")

  /// Small models for what those of the repository do not show.
  private static let testModels = packageFolder.appendingPathComponent("Tests/IntegrationTests/models")

  /// The address for gRPC, ready to use.
  static func url() async throws -> String {
    try await addresses.value.grpc
  }

  /// Gets something over HTTP.
  static func get(path: String, from port: Port) async throws -> Answer {
    let addresses = try await addresses.value
    let base = port == .http ? addresses.http : addresses.metrics
    guard let url = URL(string: "\(base)/\(path)") else { throw URLError(.badURL) }
    let (data, response) = try await URLSession.shared.data(from: url)
    return Answer(
      status: (response as? HTTPURLResponse)?.statusCode ?? 0, body: String(decoding: data, as: UTF8.self))
  }

  private static func find() async throws -> Addresses {
    let environment = ProcessInfo.processInfo.environment
    if let grpc = environment["TRITON_URL"], !grpc.isEmpty {
      return Addresses(
        grpc: grpc, http: environment["TRITON_HTTP_URL"] ?? "http://localhost:8000",
        metrics: base(ofMetrics: environment["TRITON_METRICS_URL"] ?? "http://localhost:8002"))
    }
    let server = try await LocalTritonServer.start(.init(modelRepositories: [modelRepository, testModels]))
    await keeper.keep(server)
    return Addresses(grpc: server.grpcURL, http: server.httpURL, metrics: base(ofMetrics: server.metricsURL))
  }

  /// Metrics are usually given with their path; callers name it themselves.
  private static func base(ofMetrics url: String) -> String {
    url.hasSuffix("/metrics") ? String(url.dropLast("/metrics".count)) : url
  }

  /// Holds the server as long as the process lives.
  private actor Keeper {
    private var server: LocalTritonServer?

    func keep(_ server: LocalTritonServer) {
      self.server = server
    }
  }

  private static let keeper = Keeper()
}
