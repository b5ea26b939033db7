// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Synchronization

/// Work that several tasks may need at the same time, and that runs once for all of them. It is cancelled when
/// nobody waits for it any more.
final class SharedWork<Success: Sendable>: Sendable {
  private struct State {
    var waiters: [Int: CheckedContinuation<Success, any Error>] = [:]
    var count = 0
    var isRunning = false
    var task: Task<Void, Never>?
  }

  private let state = Mutex(State())

  /// Waits for the work that is under way, or starts it.
  ///
  /// - Throws: what the work throws; `CancellationError` when the task is cancelled;
  ///   ``InferenceError`` with `deadlineExceeded` when the time is over.
  func run(
    before deadline: MonotonicInstant,
    called name: String,
    _ work: @escaping @Sendable () async throws -> Success
  ) async throws -> Success {
    try await withThrowingTaskGroup(of: Success.self) { group in
      group.addTask { try await self.wait(for: work) }
      group.addTask {
        try await Task.sleep(for: max(deadline - .now, .zero))
        throw InferenceError(code: .deadlineExceeded, message: "\(name) took longer than the call's timeout")
      }
      defer { group.cancelAll() }
      guard let first = try await group.next() else { throw CancellationError() }
      return first
    }
  }

  private func wait(for work: @escaping @Sendable () async throws -> Success) async throws -> Success {
    while true {
      do {
        return try await self.waitOnce(for: work)
      } catch is CancellationError {
        // The others may have left, and taken the work with them.
        try Task.checkCancellation()
      }
    }
  }

  private func waitOnce(for work: @escaping @Sendable () async throws -> Success) async throws -> Success {
    let number = self.state.withLock { state in
      state.count += 1
      return state.count
    }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let begins = self.state.withLock { state in
          state.waiters[number] = continuation
          defer { state.isRunning = true }
          return !state.isRunning
        }
        if begins { self.begin(work) }
        if Task.isCancelled { self.leave(number) }
      }
    } onCancel: {
      self.leave(number)
    }
  }

  private func begin(_ work: @escaping @Sendable () async throws -> Success) {
    let task = Task {
      let result: Result<Success, any Error>
      do {
        result = .success(try await work())
      } catch {
        result = .failure(error)
      }
      let waiters = self.state.withLock { state in
        state.isRunning = false
        state.task = nil
        defer { state.waiters = [:] }
        return Array(state.waiters.values)
      }
      for waiter in waiters { waiter.resume(with: result) }
    }
    self.state.withLock { state in
      if state.isRunning { state.task = task }
    }
  }

  private func leave(_ number: Int) {
    let (waiter, task) = self.state.withLock { state in
      (state.waiters.removeValue(forKey: number), state.waiters.isEmpty ? state.task : nil)
    }
    task?.cancel()
    waiter?.resume(throwing: CancellationError())
  }
}
