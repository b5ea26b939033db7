// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#if canImport(CryptoKit)
import CryptoKit
#else
import COpenSSL
#endif

/// The hash function of FIPS 180-4, for telling whether cached files are the ones the server has.
enum ContentHash {
  /// The SHA-256 of the bytes as 64 hexadecimal digits.
  static func sha256(_ bytes: [UInt8]) -> String {
    digest(bytes).map { byte in
      let digits = String(byte, radix: 16)
      return byte < 16 ? "0" + digits : digits
    }.joined()
  }

  private static func digest(_ bytes: [UInt8]) -> [UInt8] {
    #if canImport(CryptoKit)
    Array(SHA256.hash(data: bytes))
    #else
    [UInt8](unsafeUninitializedCapacity: Int(SHA256_DIGEST_LENGTH)) { digest, count in
      SHA256(bytes, bytes.count, digest.baseAddress)
      count = Int(SHA256_DIGEST_LENGTH)
    }
    #endif
  }
}
