// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// What one call does differently from the client's configuration. What is `nil` is taken from there.
public struct CallOptions: Sendable, Hashable {
  /// Time for the call, all attempts and pauses included.
  public var timeout: Duration?

  /// Time for one attempt, after which another one is made if the policy allows it.
  public var attemptTimeout: Duration?

  /// Whether and when the call is sent again.
  public var retry: RetryPolicy?

  /// How the request is compressed.
  public var compression: Compression?

  /// Headers sent besides the client's; of a name that both have this one counts.
  public var headers: [String: String]

  /// Whether the call is to find out if a server is back: it is sent whatever the circuit breakers say.
  package var isProbe = false

  /// The client's configuration, unchanged.
  public static let defaults = CallOptions()

  /// Options for a call.
  public init(
    timeout: Duration? = nil,
    attemptTimeout: Duration? = nil,
    retry: RetryPolicy? = nil,
    compression: Compression? = nil,
    headers: [String: String] = [:]
  ) {
    self.timeout = timeout
    self.attemptTimeout = attemptTimeout
    self.retry = retry
    self.compression = compression
    self.headers = headers
  }
}
