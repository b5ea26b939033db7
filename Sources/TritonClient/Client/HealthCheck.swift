// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// How a client with several places to go watches them in the background.
///
/// Each server is asked whether it is ready. One that fails several times in a row is ejected: new calls go
/// elsewhere, those that wait for it are sent elsewhere, and it is asked once a second until it is back.
public struct HealthCheck: Sendable, Hashable {
  /// Time between two questions to a healthy server.
  public let interval: Duration

  /// Longest time for an answer.
  public let timeout: Duration

  /// Failures in a row after which a server is ejected; at least 1.
  public let unhealthyAfter: Int

  /// A model that must be ready; the server alone if `nil`.
  public let model: String?

  /// Every 5 seconds, 2 seconds for an answer, ejected after 2 failures, whatever models there are.
  public static let defaults = HealthCheck()

  /// A way to watch.
  public init(
    interval: Duration = .seconds(5),
    timeout: Duration = .seconds(2),
    unhealthyAfter: Int = 2,
    model: String? = nil
  ) {
    self.interval = max(interval, .milliseconds(10))
    self.timeout = max(timeout, .milliseconds(10))
    self.unhealthyAfter = max(unhealthyAfter, 1)
    self.model = model
  }

  /// Time between two questions to a server that is ejected: it is to be back soon after it is.
  var recoveryInterval: Duration { min(self.interval, .seconds(1)) }
}
