// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// Nanoseconds of each call of a lane.
typealias Lane = [Int64]

/// A part of the run in which some lanes each make one call after the other.
struct Phase: Sendable {
  let lanes: Int
  let end: ContinuousClock.Instant
  /// Calls of each lane; 0 when the time decides.
  let calls: Int
  /// Whether the first call of each lane compares every byte.
  let compares: Bool

  /// Whether a lane that has made some calls makes another one.
  func goesOn(made: Int, now: ContinuousClock.Instant) -> Bool {
    self.calls > 0 ? made < self.calls : made == 0 || now < self.end
  }

  /// Runs one task for each lane. `call(compares)` makes a call and checks its answer.
  func run(_ call: @escaping @Sendable (Bool) async throws -> Void) async throws -> [Lane] {
    try await withThrowingTaskGroup(of: Lane.self) { group in
      for _ in 0..<self.lanes {
        group.addTask { try await self.lane(call) }
      }
      var lanes: [Lane] = []
      for try await lane in group { lanes.append(lane) }
      return lanes
    }
  }

  private func lane(_ call: @Sendable (Bool) async throws -> Void) async throws -> Lane {
    let clock = ContinuousClock()
    var latencies: Lane = []
    var now = clock.now
    while self.goesOn(made: latencies.count, now: now) {
      let begin = clock.now
      try await call(self.compares && latencies.isEmpty)
      now = clock.now
      let (seconds, attoseconds) = (now - begin).components
      latencies.append(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
    return latencies
  }
}
