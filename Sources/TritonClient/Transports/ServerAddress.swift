// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation

/// Where a server listens, parsed from the URL that a user gives.
struct ServerAddress: Hashable, Sendable {
  /// The URL as it was given.
  let url: String

  /// Host name or address; IPv6 addresses without brackets.
  let host: String

  /// TCP port.
  let port: Int

  /// Triton's gRPC port.
  static let defaultPort = 8001

  /// Understands "grpc://host:port", with or without the scheme and the port.
  init(_ url: String) throws {
    func refuse(_ reason: String) -> InferenceError {
      InferenceError(
        code: .invalidArgument,
        message: "\"\(url)\" is no server address: \(reason); write it as grpc://host:port"
      )
    }
    let trimmed = url.trimmingCharacters(in: .whitespaces)
    guard !trimmed.isEmpty else { throw refuse("it is empty") }
    let complete = trimmed.contains("://") ? trimmed : "grpc://\(trimmed)"
    guard let components = URLComponents(string: complete) else { throw refuse("it is not a URL") }
    guard components.scheme == "grpc" else {
      throw refuse("the scheme \"\(components.scheme ?? "")\" is not supported, only \"grpc\" is")
    }
    guard components.user == nil, components.password == nil else {
      throw InferenceError(
        code: .invalidArgument,
        message: "a server address holds no user name or password; send credentials as headers"
      )
    }
    guard components.path.isEmpty || components.path == "/", components.query == nil else {
      throw refuse("gRPC servers have no path or query")
    }
    guard let host = components.host, !host.isEmpty else { throw refuse("it has no host") }
    if let port = components.port, !(1...65_535).contains(port) { throw refuse("\(port) is no TCP port") }
    self.url = trimmed
    self.host = host.trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
    self.port = components.port ?? ServerAddress.defaultPort
  }

  /// The address in gRPC's name syntax.
  var target: String {
    self.host.contains(":") ? "[\(self.host)]:\(self.port)" : "\(self.host):\(self.port)"
  }

  /// Whether the server is on this machine: then no proxy is asked.
  var isLoopback: Bool {
    self.host == "localhost" || self.host == "::1" || self.host.hasPrefix("127.")
  }
}
