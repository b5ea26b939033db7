// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Synchronization
import TritonClient

/// Which servers computed, by what each attempt of a call told.
final class AnsweringServers: Sendable {
  private struct State {
    var all: [String] = []
    var latest: [String] = []
    var last: String?
  }

  private let state = Mutex(State())

  /// All of them, in the order of their first answer.
  var all: [String] { state.withLock(\.all) }

  /// The one that answered last.
  var last: String? { state.withLock(\.last) }

  /// Notes an attempt.
  func note(_ attempt: AttemptReport) {
    guard attempt.call == Self.inference, attempt.error == nil else { return }
    state.withLock { state in
      state.last = attempt.endpoint
      if !state.all.contains(attempt.endpoint) { state.all.append(attempt.endpoint) }
      if !state.latest.contains(attempt.endpoint) { state.latest.append(attempt.endpoint) }
    }
  }

  /// Those since this was asked the last time, such as the servers of one picture.
  func takeLatest() -> [String] {
    state.withLock { state in
      defer { state.latest = [] }
      return state.latest
    }
  }

  /// The call that has a model compute.
  private static let inference = "ModelInfer"
}
