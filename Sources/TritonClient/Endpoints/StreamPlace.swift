// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Synchronization

/// A stream among what is outstanding at a server, until it ends or goes.
final class StreamPlace: Sendable {
  /// The server.
  let endpoint: Endpoint

  private let pool: ServerPool
  private let hasLeft = Atomic(false)

  init(at endpoint: Endpoint, of pool: ServerPool) {
    self.endpoint = endpoint
    self.pool = pool
  }

  deinit {
    self.leave(.neutral)
  }

  /// Tells the pool how the stream ended; what comes after the first end is ignored.
  func leave(_ verdict: AttemptVerdict) {
    guard !self.hasLeft.exchange(true, ordering: .relaxed) else { return }
    self.pool.finish(self.endpoint, subject: CallSubject(method: .modelStreamInfer), verdict: verdict)
  }
}
