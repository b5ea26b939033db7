// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import RemoteNodes
import Synchronization

/// Tells about the times when a run waits for a server, and counts them.
final class OutageNotes: Sendable {
  private struct State {
    var count = 0
    var ticker: Task<Void, Never>?
  }

  private let console: Console
  private let patience: Duration
  private let deadline: Deadline
  private let state = Mutex(State())

  /// How often the time that is left is told: redrawn in place, and as plain lines.
  private static let redrawInterval = Duration.milliseconds(500)
  private static let ticksPerLine = 20

  /// Outages of at most `patience` each, in a run that ends at `deadline`.
  init(console: Console, patience: Duration, deadline: Deadline) {
    self.console = console
    self.patience = patience
    self.deadline = deadline
  }

  /// The outages so far.
  var count: Int { state.withLock(\.count) }

  /// A call failed and waits for the server.
  func waiting(reason: String) {
    let end = ContinuousClock.now + min(patience, deadline.remaining)
    console.note("waiting for a server, \(Self.left(until: end)) at most (--patience): \(reason)")
    let ticker = Task { [console] in
      var tick = 0
      while (try? await Task.sleep(for: Self.redrawInterval)) != nil {
        tick += 1
        let text = "still waiting for a server, \(Self.left(until: end)) left"
        if console.drawsProgress {
          console.transient("… \(text)")
        } else if tick.isMultiple(of: Self.ticksPerLine) {
          console.note(text)
        }
      }
    }
    let previous = state.withLock { state in
      state.count += 1
      defer { state.ticker = ticker }
      return state.ticker
    }
    previous?.cancel()
  }

  /// The call was answered.
  func resumed(after time: Duration) {
    end()
    console.note("going on after \(ProgressLine.seconds(time / .seconds(1))) of waiting")
  }

  /// Nothing waits any more.
  func end() {
    let ticker = state.withLock { state in
      defer { state.ticker = nil }
      return state.ticker
    }
    ticker?.cancel()
  }

  private static func left(until end: ContinuousClock.Instant) -> String {
    ProgressLine.seconds(max(0, (end - .now) / .seconds(1)))
  }
}
