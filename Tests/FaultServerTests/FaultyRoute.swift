// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing
import TritonClient

/// A port of the fault server's proxy: a way to the server on which connections break as the test says.
struct FaultyRoute: Sendable {
  /// What the port has seen.
  struct Report {
    /// Connections made, and those that are there now.
    var accepted, open: Int
    /// Connections that were chosen to end at random.
    var dropped: Int
    /// Bytes that have passed to the server, and back.
    var uploaded, answered: Int
  }

  /// The port's number.
  let port: Int

  private let control: InferenceServerClient

  /// Where the port is.
  var url: String { "grpc://127.0.0.1:\(self.port)" }

  /// Runs `body` with a port of its own, which is closed afterwards.
  static func with<Success>(
    _ faults: [String: InferenceParameter] = [:],
    isolation: isolated (any Actor)? = #isolation,
    _ body: (FaultyRoute) async throws -> Success
  ) async throws -> Success {
    let control = try await FaultServer.client()
    var request = InferenceRequest(model: "proxy.open")
    request.parameters = faults
    let port = try await control.infer(request).parameters["port"]?.number
    let route = FaultyRoute(port: try #require(port), control: control)
    let result: Result<Success, any Error>
    do {
      result = .success(try await body(route))
    } catch {
      result = .failure(error)
    }
    _ = try await route.call("proxy.close")
    return try result.get()
  }

  /// A client that goes this way.
  func client(
    _ configuration: InferenceServerClient.Configuration = .sentOnce
  ) throws -> InferenceServerClient {
    try InferenceServerClient(self.url, configuration: configuration)
  }

  /// Gives the port and its connections other faults, none unless said.
  ///
  /// - Parameters:
  ///   - faults: what is to go wrong from now on.
  ///   - listens: whether there is a server for those who connect.
  ///   - drops: whether the connections end.
  func change(
    to faults: [String: InferenceParameter] = [:],
    listens: Bool = true,
    drops: Bool = false
  ) async throws {
    let state: [String: InferenceParameter] = ["listening": .bool(listens), "drop": .bool(drops)]
    _ = try await self.call("proxy.change", faults.merging(state) { $1 })
  }

  /// What the port has seen so far.
  func report() async throws -> Report {
    try await self.call("proxy.report")
  }

  private func call(
    _ model: String,
    _ faults: [String: InferenceParameter] = [:]
  ) async throws -> Report {
    var request = InferenceRequest(model: model)
    request.parameters = faults.merging(["port": .int(Int64(self.port))]) { $1 }
    let seen = try await self.control.infer(request).parameters
    return Report(
      accepted: try #require(seen["accepted"]?.number),
      open: try #require(seen["open"]?.number),
      dropped: try #require(seen["dropped"]?.number),
      uploaded: try #require(seen["uploaded"]?.number),
      answered: try #require(seen["answered"]?.number)
    )
  }
}
