// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// Where the time of one inference went, as the client saw it.
///
/// The parts follow each other and add up to ``total``. Those from ``send`` to ``receive`` are of the attempt that
/// was answered; what earlier attempts and the pauses after them took is in ``beforeSending``. When a request had
/// left and when its answer began to come is looked at only if the client's configuration asks for it
/// (``InferenceServerClient/Configuration/timesTransfers``); otherwise ``send`` and ``receive`` are zero and part of
/// ``wait``.
public struct CallTiming: Sendable, Hashable {
  /// When the call began.
  let encodeBegin: MonotonicInstant
  /// When the request was encoded.
  let encodeEnd: MonotonicInstant
  /// When the last attempt was handed to the transport.
  let sendBegin: MonotonicInstant
  /// When the request's last byte was handed to the socket.
  let sendEnd: MonotonicInstant
  /// When the answer's first byte was known to have come.
  let receiveBegin: MonotonicInstant
  /// When the answer had come in full.
  let receiveEnd: MonotonicInstant
  /// When the answer was decoded.
  let decodeEnd: MonotonicInstant

  /// How often the request was sent, 1 or more.
  public let attempts: Int

  init(
    encodeBegin: MonotonicInstant,
    encodeEnd: MonotonicInstant,
    sendBegin: MonotonicInstant,
    receiveEnd: MonotonicInstant,
    decodeEnd: MonotonicInstant,
    attempts: Int,
    transport: TransportInstants
  ) {
    self.encodeBegin = encodeBegin
    self.encodeEnd = encodeEnd
    self.sendBegin = sendBegin
    // What the transport saw lies within the attempt, whatever thread it looked at the clock on.
    let sendEnd = min(max(transport.sent ?? sendBegin, sendBegin), receiveEnd)
    self.sendEnd = sendEnd
    self.receiveBegin = min(max(transport.firstByte ?? receiveEnd, sendEnd), receiveEnd)
    self.receiveEnd = receiveEnd
    self.decodeEnd = decodeEnd
    self.attempts = attempts
  }

  /// Time to encode the request; zero for a ``PreparedRequest``.
  public var encode: Duration { self.encodeEnd - self.encodeBegin }

  /// Time from the encoded request to the attempt that was answered: the check against the model's signature,
  /// the wait for a place among the calls in flight, earlier attempts and the pauses after them.
  public var beforeSending: Duration { self.sendBegin - self.encodeEnd }

  /// Time to hand the request to the socket.
  public var send: Duration { self.sendEnd - self.sendBegin }

  /// Time from the request's last byte to the answer's first one: the network and the server.
  public var wait: Duration { self.receiveBegin - self.sendEnd }

  /// Time from the answer's first byte to its last one.
  public var receive: Duration { self.receiveEnd - self.receiveBegin }

  /// Time to decode the answer.
  public var decode: Duration { self.decodeEnd - self.receiveEnd }

  /// Time of the whole call.
  public var total: Duration { self.decodeEnd - self.encodeBegin }
}

extension CallTiming: CustomStringConvertible {
  /// One line with every part.
  public var description: String {
    """
    \(self.total) (encode \(self.encode), before sending \(self.beforeSending), send \(self.send), \
    wait \(self.wait), receive \(self.receive), decode \(self.decode)), attempts: \(self.attempts)
    """
  }
}
