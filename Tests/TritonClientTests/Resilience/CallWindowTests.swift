// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Synchronization
import Testing

@testable import TritonClient

@Suite struct CallWindowTests {
  /// How many run at once, and who ran when.
  private final class Record: Sendable {
    private struct State {
      var running = 0
      var most = 0
      var order: [Int] = []
    }

    private let state = Mutex(State())

    var most: Int { self.state.withLock(\.most) }
    var order: [Int] { self.state.withLock(\.order) }

    func begin(_ number: Int) {
      self.state.withLock { state in
        state.running += 1
        state.most = max(state.most, state.running)
        state.order.append(number)
      }
    }

    func end() {
      self.state.withLock { $0.running -= 1 }
    }
  }

  private func task(_ number: Int, in window: CallWindow, _ record: Record) -> Task<Void, any Error> {
    Task {
      try await window.withPlace(before: .now + .seconds(60)) {
        record.begin(number)
        try await Task.sleep(for: .milliseconds(1))
        record.end()
      }
    }
  }

  @Test func neverMoreThanThePlacesRunAtOnce() async throws {
    let window = CallWindow(places: 3)
    let record = Record()
    let tasks = (0..<50).map { self.task($0, in: window, record) }
    for task in tasks { try await task.value }
    #expect(record.most <= 3)
    #expect(record.order.sorted() == Array(0..<50))
  }

  @Test func whoWaitsLongestIsNext() async throws {
    let window = CallWindow(places: 1)
    let record = Record()
    let tasks = try await window.withPlace(before: .now + .seconds(60)) {
      var tasks: [Task<Void, any Error>] = []
      for number in 0..<5 {
        tasks.append(self.task(number, in: window, record))
        // Tasks begin when they like; the line is formed by those who have joined it.
        try await Task.sleep(for: .milliseconds(50))
      }
      return tasks
    }
    for task in tasks { try await task.value }
    #expect(record.order == [0, 1, 2, 3, 4])
  }

  @Test func cancellingLeavesTheLineAndKeepsThePlaces() async throws {
    let window = CallWindow(places: 1)
    let record = Record()
    try await window.withPlace(before: .now + .seconds(60)) {
      let waiting = self.task(1, in: window, record)
      try await Task.sleep(for: .milliseconds(50))
      waiting.cancel()
      await #expect(throws: CancellationError.self) { try await waiting.value }
    }
    try await self.task(2, in: window, record).value
    #expect(record.order == [2])
  }
}

extension CallWindow {
  /// Runs `body` in a place.
  fileprivate func withPlace<Success>(
    before deadline: MonotonicInstant,
    isolation: isolated (any Actor)? = #isolation,
    _ body: () async throws -> Success
  ) async throws -> Success {
    try await self.enter(before: deadline)
    defer { self.leave() }
    return try await body()
  }
}
