// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Synchronization

/// A value that arrives once and that any number of tasks may wait for.
final class Arrival<Value: Sendable>: Sendable {
  private struct State {
    var value: Value?
    var waiting: [Int: CheckedContinuation<Value, any Error>] = [:]
    var nextWaiter = 0
  }

  private let state = Mutex(State())

  /// The value, if it is there.
  var current: Value? { self.state.withLock(\.value) }

  /// Delivers the value to everyone who waits and will wait. Later values are ignored.
  func deliver(_ value: Value) {
    let waiting = self.state.withLock { state -> [CheckedContinuation<Value, any Error>] in
      guard state.value == nil else { return [] }
      state.value = value
      defer { state.waiting = [:] }
      return Array(state.waiting.values)
    }
    for continuation in waiting { continuation.resume(returning: value) }
  }

  /// Waits for the value.
  ///
  /// - Throws: `CancellationError` when the waiting task is cancelled.
  func wait() async throws -> Value {
    let number = self.state.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        // Whoever takes the continuation out of the state resumes it, and nobody else.
        let value = self.state.withLock { state -> Value? in
          if let value = state.value { return value }
          state.waiting[number] = continuation
          return nil
        }
        if let value {
          continuation.resume(returning: value)
        } else if Task.isCancelled {
          self.cancel(number)
        }
      }
    } onCancel: {
      self.cancel(number)
    }
  }

  private func cancel(_ number: Int) {
    let continuation = self.state.withLock { $0.waiting.removeValue(forKey: number) }
    continuation?.resume(throwing: CancellationError())
  }
}
