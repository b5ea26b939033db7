// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// How the tensors of a request are compressed on the way to the server.
///
/// Compressing costs a copy and much time; it pays on slow links for tensors with structure, such as masks.
/// Answers are compressed as the server is configured (`--grpc-infer-response-compression-level`).
public struct Compression: Hashable, Sendable {
  private enum Value {
    case none, deflate, gzip
  }

  private let value: Value

  private init(_ value: Value) {
    self.value = value
  }

  /// Sent as they are, from their own memory.
  public static let none = Compression(.none)
  /// zlib (RFC 1950).
  public static let deflate = Compression(.deflate)
  /// gzip (RFC 1952).
  public static let gzip = Compression(.gzip)
}
