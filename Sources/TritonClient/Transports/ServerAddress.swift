// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation

/// Where a server listens, or several that share a name, parsed from the URL that a user gives.
struct ServerAddress: Hashable, Sendable {
  /// The URL as it was given.
  let url: String

  /// Host name or address; IPv6 addresses without brackets.
  let host: String

  /// TCP port.
  let port: Int

  /// Whether the host is a name to be looked up, with a server at each of its addresses.
  let isName: Bool

  /// Triton's gRPC port.
  static let defaultPort = 8001

  /// How a URL begins whose host stands for many servers. The third slash ends the name server to ask, which is left
  /// to the system.
  private static let namePrefix = "dns:///"

  /// Understands "grpc://host:port", with or without the scheme and the port, and "dns:///host:port".
  init(_ url: String) throws {
    let trimmed = url.trimmingCharacters(in: .whitespaces)
    guard !trimmed.isEmpty else { throw ServerAddress.refusal(of: url, because: "it is empty") }
    let isName = trimmed.hasPrefix(ServerAddress.namePrefix)
    let place = isName ? String(trimmed.dropFirst(ServerAddress.namePrefix.count)) : trimmed
    let complete = place.contains("://") && !isName ? place : "grpc://\(place)"
    guard let components = URLComponents(string: complete) else {
      throw ServerAddress.refusal(of: url, because: "it is not a URL")
    }
    guard components.user == nil, components.password == nil else {
      throw InferenceError(
        code: .invalidArgument,
        message: "a server address holds no user name or password; send credentials as headers"
      )
    }
    if components.scheme == "dns" {
      throw ServerAddress.refusal(of: url, because: "the system chooses the name server to ask")
    }
    guard components.scheme == "grpc" else {
      let scheme = components.scheme ?? ""
      throw ServerAddress.refusal(
        of: url, because: "the scheme \"\(scheme)\" is not supported, only \"grpc\" and \"dns\" are")
    }
    guard components.path.isEmpty || components.path == "/", components.query == nil else {
      throw ServerAddress.refusal(of: url, because: "gRPC servers have no path or query")
    }
    let host = components.host?.trimmingCharacters(in: CharacterSet(charactersIn: "[]")) ?? ""
    let port = components.port ?? ServerAddress.defaultPort
    try self.init(url: trimmed, host: host, port: port, isName: isName)
  }

  /// The server at a host or address; IPv6 addresses without brackets.
  init(host: String, port: Int) throws {
    let url = "grpc://\(ServerAddress.target(host: host, port: port))"
    let isAllowed = host.unicodeScalars.allSatisfy { scalar in
      scalar.isASCII && scalar.value > 0x20 && !"/?#@[]\\\"".unicodeScalars.contains(scalar)
    }
    guard isAllowed else {
      throw ServerAddress.refusal(of: url, because: "the host has characters that no host has")
    }
    try self.init(url: url, host: host, port: port, isName: false)
  }

  private init(url: String, host: String, port: Int, isName: Bool) throws {
    guard !host.isEmpty else { throw ServerAddress.refusal(of: url, because: "it has no host") }
    guard (1...65_535).contains(port) else {
      throw ServerAddress.refusal(of: url, because: "\(port) is no TCP port")
    }
    self.url = url
    self.host = host
    self.port = port
    self.isName = isName
  }

  /// The address in gRPC's name syntax.
  var target: String { ServerAddress.target(host: self.host, port: self.port) }

  /// Whether the server is on this machine: then no proxy is asked.
  var isLoopback: Bool {
    self.host == "localhost" || self.host == "::1" || self.host.hasPrefix("127.")
  }

  private static func target(host: String, port: Int) -> String {
    host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
  }

  private static func refusal(of url: String, because reason: String) -> InferenceError {
    // What is before an "@" may be a password.
    let given = url.contains("@") ? "what was given" : "\"\(url)\""
    return InferenceError(
      code: .invalidArgument,
      message: """
        \(given) is no server address: \(reason); write it as grpc://host:port, \
        or as dns:///host:port for a name with a server at each of its addresses
        """
    )
  }
}
