// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// What a model's queue does with requests that wait: who has given up must not be computed for.
package struct QueueLimit: Sendable, Hashable {
  /// How long the server lets a request wait that says nothing; `nil` for ever.
  package let ownTimeout: Duration?

  package init(ownTimeout: Duration?) {
    self.ownTimeout = ownTimeout
  }

  /// What a request that has so much time is to say; `nil` where the server's own limit is the shorter one: that is
  /// its operator's will.
  package func timeout(remaining: Duration) -> Duration? {
    if let ownTimeout = self.ownTimeout, ownTimeout <= remaining { return nil }
    return remaining
  }
}
