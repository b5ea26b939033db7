// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// What only the transport sees of a call. An instant that it cannot tell is `nil`.
package struct TransportInstants: Sendable, Hashable {
  /// When the request's last byte was handed to the socket.
  package var sent: MonotonicInstant?

  /// When the first byte of the answer was known to have come.
  package var firstByte: MonotonicInstant?

  /// What a transport could tell.
  package init(sent: MonotonicInstant? = nil, firstByte: MonotonicInstant? = nil) {
    self.sent = sent
    self.firstByte = firstByte
  }
}

extension TransportInstants {
  /// What the transport saw of a call that it was handed at an instant.
  init(_ times: TransferTimes, from begin: MonotonicInstant) {
    self.init(sent: times.sent.map { begin + $0 }, firstByte: times.answered.map { begin + $0 })
  }
}
