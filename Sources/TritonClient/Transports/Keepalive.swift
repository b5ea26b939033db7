// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// Whether and how a client finds out that a server no longer answers on a connection that has not ended: the
/// server's machine or the network between is gone, and nothing says so.
///
/// When nothing has come from the server for ``interval``, it is sent an HTTP/2 ping. When no answer has come after
/// ``timeout``, the connection is given up, and the calls on it end with ``InferenceError/Code/unavailable``. Without
/// keepalive they end at their deadlines.
///
/// Servers do not like to be asked often. Unless it is told otherwise, Triton closes the connection with
/// `too_many_pings` over pings that come more often than every 5 minutes while it has sent nothing, as it does while
/// a long inference is computed. Its options `--grpc-http2-min-recv-ping-interval-without-data` (milliseconds) and
/// `--grpc-http2-max-ping-strikes` change that, and ``withoutCalls`` needs `--grpc-keepalive-permit-without-calls`.
public struct Keepalive: Sendable, Hashable {
  /// Time without anything from the server after which it is sent a ping; at least a second, which is as often as gRPC
  /// sends one.
  public let interval: Duration

  /// Time for the server's answer; at least a millisecond.
  public let timeout: Duration

  /// Whether pings are sent also while no call is in flight.
  public let withoutCalls: Bool

  /// A keepalive.
  ///
  /// - Parameters:
  ///   - interval: time without anything from the server; less than a second counts as a second.
  ///   - timeout: time for the answer; less than a millisecond counts as a millisecond.
  ///   - withoutCalls: whether pings are sent also while no call is in flight.
  public init(interval: Duration, timeout: Duration = .seconds(20), withoutCalls: Bool = false) {
    self.interval = max(interval, .seconds(1))
    self.timeout = max(timeout, .milliseconds(1))
    self.withoutCalls = withoutCalls
  }
}
