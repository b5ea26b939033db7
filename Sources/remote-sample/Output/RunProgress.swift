// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Synchronization

/// Follows the denoise steps of a run and shows them on the console.
final class RunProgress: Sendable {
  private struct State {
    var label: String?
    var step = 0
    var totalSteps = 0
    /// Steps of the pictures that come after this one.
    var stepsAhead = 0
    /// The time of this picture's steps.
    var seconds = 0.0
    var earlierSteps = 0
    var earlierSeconds = 0.0

    var pace: Double? {
      let steps = earlierSteps + step
      return steps > 0 ? (earlierSeconds + seconds) / Double(steps) : nil
    }

    mutating func begin(_ label: String, steps: Int, stepsAhead: Int) {
      earlierSteps += step
      earlierSeconds += seconds
      (step, seconds) = (0, 0)
      self.label = label
      totalSteps = steps
      self.stepsAhead = stepsAhead
    }
  }

  private let console: Console
  private let state = Mutex(State())

  /// Progress shown on `console`.
  init(console: Console) {
    self.console = console
  }

  /// A new picture or node begins.
  ///
  /// - Parameters:
  ///   - label: what is being made.
  ///   - steps: how many steps it has; 0 where that is not known yet.
  ///   - stepsAhead: how many steps are known to come after it in the whole run.
  func begin(_ label: String, steps: Int = 0, stepsAhead: Int = 0) {
    let snapshot = state.withLock { state in
      state.begin(label, steps: steps, stepsAhead: stepsAhead)
      return Self.snapshot(of: state, label: label)
    }
    if steps > 0 { console.progress(snapshot) } else { console.transient("\(label) …") }
  }

  /// A step is done.
  ///
  /// - Parameter meanSeconds: the mean time of the steps of this picture so far.
  func finish(step: Int, of totalSteps: Int, meanSeconds: Double) {
    let snapshot: ProgressSnapshot? = state.withLock { state in
      guard let label = state.label else { return nil }
      state.step = step
      state.totalSteps = totalSteps
      state.seconds = meanSeconds * Double(step)
      return Self.snapshot(of: state, label: label)
    }
    if let snapshot { console.progress(snapshot) }
  }

  /// Where the run stands: "step 7/20 of picture 1/3"; nil before the first picture.
  var position: String? {
    state.withLock { state in
      guard let label = state.label, state.totalSteps > 0 else { return state.label }
      // The step that was under way when somebody asks.
      return "step \(min(state.step + 1, state.totalSteps))/\(state.totalSteps) of \(label)"
    }
  }

  /// The mean time of a step so far, in seconds.
  var secondsPerStep: Double? { state.withLock(\.pace) }

  private static func snapshot(of state: State, label: String) -> ProgressSnapshot {
    let pace = state.pace
    let stepsLeft = Double(state.totalSteps - state.step + state.stepsAhead)
    return ProgressSnapshot(
      label: label, step: state.step, totalSteps: state.totalSteps, secondsPerStep: pace,
      secondsLeft: pace.map { $0 * stepsLeft })
  }
}
