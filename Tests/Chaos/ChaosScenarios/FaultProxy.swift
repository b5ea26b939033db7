// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import TritonClient

/// A port of the fault server's proxy that stays where it is, whatever becomes of the server behind it.
package struct FaultProxy: Sendable {
  /// What the port has seen.
  package struct Report: Sendable {
    /// Connections made.
    package let accepted: Int
    /// Those that were chosen to end at random.
    package let dropped: Int
  }

  /// The answer lacks a parameter.
  struct WrongAnswer: Error {
    let parameter: String
  }

  /// Where the port is.
  package var url: String { "grpc://\(self.host):\(self.port)" }

  /// The address of this machine that the port belongs to.
  let host: String

  /// The port's number.
  let port: Int

  /// What the fault server calls the port.
  private let name: InferenceParameter
  private let control: InferenceServerClient

  /// Opens a port.
  ///
  /// - Parameters:
  ///   - control: a client of the fault server.
  ///   - host: an address of this machine's loopback interface.
  ///   - port: the port's number; a free one unless set.
  ///   - faults: what is to go wrong.
  static func open(
    _ control: InferenceServerClient,
    host: String = "127.0.0.1",
    port: Int = 0,
    faults: [String: InferenceParameter] = [:]
  ) async throws -> FaultProxy {
    var request = InferenceRequest(model: "proxy.open")
    request.parameters = faults
    if host != "127.0.0.1" { request.parameters["address"] = .string(host) }
    if port > 0 { request.parameters["listen_port"] = .int(Int64(port)) }
    let seen = try await control.infer(request).parameters
    guard let name = seen["port"] else { throw WrongAnswer(parameter: "port") }
    return FaultProxy(host: host, port: try seen.number("listens"), name: name, control: control)
  }

  /// Gives the port and its connections other faults, none unless said.
  ///
  /// - Parameters:
  ///   - faults: what is to go wrong from now on.
  ///   - upstream: the port that connections lead to from now on; as before if `nil`.
  ///   - listens: whether there is a server for those who connect.
  ///   - drops: whether the connections end.
  func change(
    to faults: [String: InferenceParameter] = [:],
    upstream: Int? = nil,
    listens: Bool = true,
    drops: Bool = false
  ) async throws {
    var parameters = faults.merging(["listening": .bool(listens), "drop": .bool(drops)]) { $1 }
    if let upstream { parameters["upstream_port"] = .int(Int64(upstream)) }
    _ = try await self.call("proxy.change", parameters)
  }

  /// What the port has seen so far.
  package func report() async throws -> Report {
    let seen = try await self.call("proxy.report")
    return Report(accepted: try seen.number("accepted"), dropped: try seen.number("dropped"))
  }

  /// Closes the port and its connections.
  func close() async throws {
    _ = try await self.call("proxy.close")
  }

  private func call(
    _ model: String,
    _ parameters: [String: InferenceParameter] = [:]
  ) async throws -> [String: InferenceParameter] {
    var request = InferenceRequest(model: model)
    request.parameters = parameters.merging(["port": self.name]) { $1 }
    return try await self.control.infer(request).parameters
  }
}

extension [String: InferenceParameter] {
  /// A parameter that is a whole number.
  fileprivate func number(_ name: String) throws -> Int {
    guard case .int(let value) = self[name] else { throw FaultProxy.WrongAnswer(parameter: name) }
    return Int(value)
  }
}
