// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Synchronization

/// Limits how many calls are in flight. Those beyond wait in the order in which they came.
final class CallWindow: Sendable {
  /// Who has a place and who waits: a value without threads, so that its order can be tested.
  struct State {
    private var free: Int
    private var waiting: [(id: UInt64, continuation: CheckedContinuation<Void, any Error>)] = []
    private var nextID: UInt64 = 0

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
    mutating func take(_ id: UInt64, _ continuation: CheckedContinuation<Void, any Error>) -> Bool {
      if self.takeIfFree() { return true }
      self.waiting.append((id, continuation))
      return false
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

  /// Runs `body` when there is a place.
  ///
  /// - Throws: ``Full`` when there is none before the deadline, `CancellationError` when the task is cancelled while
  ///   it waits; what `body` throws.
  func withPlace<Success>(
    before deadline: ContinuousClock.Instant,
    isolation: isolated (any Actor)? = #isolation,
    _ body: () async throws -> Success
  ) async throws -> Success {
    try await self.wait(until: deadline)
    defer { self.state.withLock { $0.give() }?.resume() }
    return try await body()
  }

  private func wait(until deadline: ContinuousClock.Instant) async throws {
    if self.state.withLock({ $0.takeIfFree() }) { return }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await self.waitInLine() }
      group.addTask {
        try await Task.sleep(until: deadline, clock: .continuous)
        throw Full()
      }
      do {
        try await group.next()
        group.cancelAll()
      } catch {
        group.cancelAll()
        // The place may have come in the same moment.
        if case .success = await group.nextResult() { self.state.withLock { $0.give() }?.resume() }
        throw error
      }
    }
  }

  private func waitInLine() async throws {
    let id = self.state.withLock { $0.makeID() }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let isTaken = self.state.withLock { $0.take(id, continuation) }
        if isTaken {
          continuation.resume()
        } else if Task.isCancelled {
          // The cancellation may have come before there was anybody to remove.
          self.leave(id)
        }
      }
    } onCancel: {
      self.leave(id)
    }
  }

  private func leave(_ id: UInt64) {
    self.state.withLock { $0.remove(id) }?.resume(throwing: CancellationError())
  }
}
