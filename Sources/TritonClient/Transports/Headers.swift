// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// Request headers, checked before gRPC sees them: its library ends the process over a malformed one.
package struct Headers: Hashable, Sendable {
  package let pairs: [Pair]

  package struct Pair: Hashable, Sendable {
    package let key: String
    package let value: String
  }

  /// Keys become lower case. Throws for a key or a value that HTTP/2 or gRPC does not allow.
  package init(_ headers: [String: String]) throws {
    self.pairs = try headers.map { key, value in
      let key = key.lowercased()
      guard !key.isEmpty, key.utf8.allSatisfy(Headers.isAllowedInKey) else {
        throw InferenceError(
          code: .invalidArgument,
          message: "\"\(key)\" is no header name: letters, digits, '-', '_' and '.' are allowed"
        )
      }
      guard !key.hasPrefix("grpc-") else {
        throw InferenceError(code: .invalidArgument, message: "the header \"\(key)\" belongs to gRPC itself")
      }
      guard !key.hasSuffix("-bin"), value.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
        // The value may be a secret: it stays out of the message.
        throw InferenceError(
          code: .invalidArgument,
          message: "the value of the header \"\(key)\" has characters that are not printable ASCII"
        )
      }
      return Pair(key: key, value: value)
    }
  }

  private static func isAllowedInKey(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
    case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
    default: false
    }
  }
}
