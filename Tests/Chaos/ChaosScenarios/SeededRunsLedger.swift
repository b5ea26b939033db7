// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Synchronization
import TritonClient

/// Which run is next, and what came of those before.
final class SeededRunsLedger: Sendable {
  private struct State {
    var next = 0
    var report = SeededRuns.Report()
  }

  private let count: Int
  private let state = Mutex(State())

  init(count: Int) {
    self.count = count
  }

  func next() -> Int? {
    self.state.withLock { state in
      guard state.next < self.count else { return nil }
      defer { state.next += 1 }
      return state.next
    }
  }

  func note(_ attempt: AttemptReport) {
    self.state.withLock { state in
      state.report.attempts += 1
      state.report.failedAttempts += attempt.error == nil ? 0 : 1
    }
  }

  func note(_ problem: String) {
    self.state.withLock { $0.report.tally.note(problem) }
  }

  func countCrash() {
    self.state.withLock { $0.report.crashes += 1 }
  }

  func count(_ fault: SeededFault) {
    self.state.withLock { $0.report.faults[fault.kind, default: 0] += 1 }
  }

  /// Counts a run; returns what there is so far.
  func count(_ run: Int, _ result: Result<Bool, any Error>, after duration: Duration) -> SeededRuns.Report {
    self.state.withLock { state in
      state.report.tally.count(run, result)
      state.report.longestRun = max(state.report.longestRun, duration)
      return state.report
    }
  }

  func report(after elapsed: Duration) -> SeededRuns.Report {
    self.state.withLock { state in
      state.report.elapsed = elapsed
      return state.report
    }
  }
}
