// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// Request headers, checked before gRPC sees them: its library ends the process over a malformed one.
package struct Headers: Hashable, Sendable {
  package let pairs: [Pair]

  /// gRPC servers take 8 KiB of headers unless told otherwise, and about 1 KiB of it is gRPC's own.
  private static let maximumByteCount = 7 * 1024

  /// What HTTP/2 counts for each header beside its bytes (RFC 9113, section 6.5.2).
  private static let overhead = 32

  package struct Pair: Hashable, Sendable {
    package let key: String
    package let value: String
  }

  /// Keys become lower case. Throws for a key or a value that HTTP/2 or gRPC does not allow.
  package init(_ headers: [String: String]) throws {
    let byteCount = headers.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count + Headers.overhead }
    guard byteCount <= Headers.maximumByteCount else {
      throw InferenceError(
        code: .invalidArgument,
        message: """
          the headers have \(byteCount) bytes; servers take \(Headers.maximumByteCount): \
          send what is longer as a parameter or a tensor
          """
      )
    }
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
