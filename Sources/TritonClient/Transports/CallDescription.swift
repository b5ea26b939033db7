// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import CTritonTransport

/// What a call is and how it is sent.
struct CallDescription: Sendable {
  /// The method.
  let method: RPCMethod

  /// Request headers.
  let headers: Headers

  /// Time until the call fails with DEADLINE_EXCEEDED; `nil` for no limit.
  let timeout: Duration?

  /// How messages are compressed.
  let compression: Compression

  /// Whether the answer tells its ``TransferTimes``, for a microsecond more.
  var isTimed = false

  /// The same call with less time.
  func shortened(by time: Duration) -> CallDescription {
    CallDescription(
      method: self.method,
      headers: self.headers,
      timeout: self.timeout.map { $0 - time },
      compression: self.compression,
      isTimed: self.isTimed
    )
  }

  /// Calls `body` with the description as the shim takes it, valid during the call.
  func withCDescription<Result>(_ body: (UnsafePointer<CTriton_CallDescription>) -> Result) -> Result {
    self.headers.withCHeaders { headers in
      // Never empty: it ends with a NUL.
      self.method.path.withUnsafeBufferPointer { path in
        var description = CTriton_CallDescription(
          method: path.baseAddress.unsafelyUnwrapped,
          headers: headers.baseAddress,
          headerCount: headers.count,
          timeoutNanoseconds: self.timeout.map { max($0.nanoseconds, 0) } ?? -1,
          compression: self.compression.shimValue,
          isTimed: self.isTimed
        )
        return body(&description)
      }
    }
  }
}

extension Compression {
  fileprivate var shimValue: CTriton_Compression {
    switch self {
    case .gzip: CTriton_Compression_gzip
    case .deflate: CTriton_Compression_deflate
    default: CTriton_Compression_none
    }
  }
}

extension Headers {
  /// Calls `body` with the headers as NUL-terminated strings that live during the call.
  fileprivate func withCHeaders<Result>(
    _ body: (UnsafeBufferPointer<CTriton_Header>) -> Result
  ) -> Result {
    if self.pairs.isEmpty { return body(UnsafeBufferPointer(start: nil, count: 0)) }
    var text: [CChar] = []
    let offsets = self.pairs.map { pair in
      let key = text.count
      text.append(contentsOf: pair.key.utf8CString)
      let value = text.count
      text.append(contentsOf: pair.value.utf8CString)
      return (key: key, value: value)
    }
    return text.withUnsafeBufferPointer { text in
      let headers = text.baseAddress.map { start in
        offsets.map { CTriton_Header(key: start + $0.key, value: start + $0.value) }
      }
      return (headers ?? []).withUnsafeBufferPointer(body)
    }
  }
}
