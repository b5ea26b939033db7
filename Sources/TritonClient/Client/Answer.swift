// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// What a call brought, still encoded.
struct Answer: Sendable {
  /// The server's message.
  let message: ReceivedMessage

  /// The server.
  let endpoint: Endpoint

  /// How often the request was sent.
  let attempts: Int

  /// When the attempt that was answered was handed to the transport.
  let sendBegin: MonotonicInstant

  /// When the answer had come in full.
  let receiveEnd: MonotonicInstant
}
