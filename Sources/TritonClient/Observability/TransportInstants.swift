// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// What only the transport sees of a call. An instant that it cannot tell is `nil`.
package struct TransportInstants: Sendable, Hashable {
  /// When the request's last byte was handed to the socket.
  package var sent: ContinuousClock.Instant?

  /// When the first byte of the answer was known to have come.
  package var firstByte: ContinuousClock.Instant?

  /// What a transport could tell.
  package init(sent: ContinuousClock.Instant? = nil, firstByte: ContinuousClock.Instant? = nil) {
    self.sent = sent
    self.firstByte = firstByte
  }
}

extension ReceivedMessage {
  /// What the transport saw of the call that this message answers: nothing yet.
  var instants: TransportInstants { TransportInstants() }
}
