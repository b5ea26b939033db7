// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Synchronization

/// Limits how many calls are in flight. Those beyond wait in the order in which they came.
final class CallWindow: Sendable {
  /// Who has a place and who waits: a value without threads, so that its order can be tested.
  struct State {
    private var free: Int
    private var waiting: [Entry] = []
    private var nextID: UInt64 = 0
    private var isSwept = false

    private struct Entry {
      let id: UInt64
      let deadline: MonotonicInstant
      let continuation: CheckedContinuation<Void, any Error>
    }

    init(places: Int) {
      self.free = places
    }

    mutating func makeID() -> UInt64 {
      self.nextID += 1
      return self.nextID
    }

    /// Takes a place if there is one.
    mutating func takeIfFree() -> Bool {
      guard self.free > 0 else { return false }
      self.free -= 1
      return true
    }

    /// Takes a place; `false` if the continuation has to wait for one.
    mutating func take(
      _ id: UInt64,
      before deadline: MonotonicInstant,
      _ continuation: CheckedContinuation<Void, any Error>
    ) -> Bool {
      if self.takeIfFree() { return true }
      self.waiting.append(Entry(id: id, deadline: deadline, continuation: continuation))
      return false
    }

    /// Whether somebody has to begin to look for those whose time is over.
    mutating func beginSweeping() -> Bool {
      defer { self.isSwept = true }
      return !self.isSwept
    }

    /// Takes those out of the line whose time is over. There is nothing more to look for when nobody waits.
    mutating func sweep(
      at now: MonotonicInstant
    ) -> (late: [CheckedContinuation<Void, any Error>], isDone: Bool) {
      let late = self.waiting.filter { $0.deadline <= now }.map(\.continuation)
      self.waiting.removeAll { $0.deadline <= now }
      self.isSwept = !self.waiting.isEmpty
      return (late, self.waiting.isEmpty)
    }

    /// Gives a place back; the result is who gets it.
    mutating func give() -> CheckedContinuation<Void, any Error>? {
      if self.waiting.isEmpty {
        self.free += 1
        return nil
      }
      return self.waiting.removeFirst().continuation
    }

    /// Takes somebody out of the line; `nil` if they are not in it.
    mutating func remove(_ id: UInt64) -> CheckedContinuation<Void, any Error>? {
      guard let index = self.waiting.firstIndex(where: { $0.id == id }) else { return nil }
      return self.waiting.remove(at: index).continuation
    }
  }

  /// No place became free in time.
  struct Full: Error {}

  private let state: Mutex<State>

  /// A window of `places` calls, at least one.
  init(places: Int) {
    self.state = Mutex(State(places: max(places, 1)))
  }

  /// Takes a place when there is one; ``leave()`` must follow.
  ///
  /// - Throws: ``Full`` when there is none before the deadline, `CancellationError` when the task is cancelled while
  ///   it waits.
  func enter(before deadline: MonotonicInstant) async throws {
    if self.state.withLock({ $0.takeIfFree() }) { return }
    let id = self.state.withLock { $0.makeID() }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let isTaken = self.state.withLock { $0.take(id, before: deadline, continuation) }
        if isTaken {
          continuation.resume()
          return
        }
        if self.state.withLock({ $0.beginSweeping() }) { Task { await self.sweep() } }
        // The cancellation may have come before there was anybody to remove.
        if Task.isCancelled { self.giveUp(id) }
      }
    } onCancel: {
      self.giveUp(id)
    }
  }

  /// Gives a place back.
  func leave() {
    self.state.withLock { $0.give() }?.resume()
  }

  /// Looks for those whose time is over until nobody waits.
  ///
  /// A sleep until the deadline for each of them would be simpler. But a sleep that is cancelled keeps its memory
  /// until its time has come, and nearly all of them would be.
  private func sweep() async {
    while true {
      try? await Task.sleep(for: .milliseconds(20))
      let (late, isDone) = self.state.withLock { $0.sweep(at: .now) }
      for continuation in late { continuation.resume(throwing: Full()) }
      if isDone { return }
    }
  }

  private func giveUp(_ id: UInt64) {
    self.state.withLock { $0.remove(id) }?.resume(throwing: CancellationError())
  }
}
