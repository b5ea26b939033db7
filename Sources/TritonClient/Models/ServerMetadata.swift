// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// What a server says about itself. Its JSON is the protocol's (`/v2`).
public struct ServerMetadata: Sendable, Hashable, Codable {
  /// Name of the server, "triton" for Triton.
  public let name: String

  /// Version of the server.
  public let version: String

  /// Names of the protocol extensions that the server has.
  public let extensions: [String]
}
