// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Synchronization
import TritonClient

/// Writes down what a client and its runs tell, as they tell it.
final class Recorder: Sendable {
  private let state = Mutex(Chronicle())

  /// What was told so far.
  var chronicle: Chronicle { self.state.withLock { $0 } }

  /// For ``InferenceServerClient/Configuration/onAttempt``.
  func note(_ report: AttemptReport) {
    let end = ContinuousClock.now
    self.state.withLock { chronicle in
      chronicle.addAttempt(
        at: report.endpoint,
        model: report.model,
        from: end - report.duration,
        to: end,
        hasFailed: report.error != nil
      )
    }
  }

  /// A run has made a step.
  func noteStep(ofRun run: Int) {
    self.state.withLock { $0.addStep(ofRun: run, at: .now) }
  }

  /// For ``InferenceServerClient/connectionEvents()``.
  func note(_ event: ConnectionEvent) {
    guard [.lost, .ejected].contains(event.state) else { return }
    self.state.withLock { $0.addLoss(of: event.endpoint, at: .now) }
  }
}
