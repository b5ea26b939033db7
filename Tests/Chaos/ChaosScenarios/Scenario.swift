// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// Something that is done to servers, and what must come of it all the same.
package struct Scenario: Sendable {
  /// How it is called on the command line.
  package let name: String

  /// What is done, for a table.
  package let title: String

  private let play: @Sendable (ChaosStage) async throws -> ScenarioResult

  /// Longest time for a scenario: nothing may hang.
  private static let timeLimit = Duration.seconds(240)

  init(
    _ name: String,
    _ title: String,
    play: @escaping @Sendable (ChaosStage) async throws -> ScenarioResult
  ) {
    self.name = name
    self.title = title
    self.play = play
  }

  /// All scenarios, in the order of the table.
  package static let all: [Scenario] =
    Scenario.ofProcesses + Scenario.ofModels + Scenario.ofConnections + Scenario.ofNames + Scenario.ofRefusals

  /// Plays it on a stage, which is whole again afterwards. A scenario that cannot be played is a fault of its result.
  package func result(on stage: ChaosStage) async throws -> ScenarioResult {
    var result: ScenarioResult
    do {
      result = try await withThrowingTaskGroup(of: ScenarioResult.self) { group in
        group.addTask { try await self.play(stage) }
        group.addTask {
          try await Task.sleep(for: Scenario.timeLimit)
          throw TimeOver()
        }
        defer { group.cancelAll() }
        guard let result = try await group.next() else { throw CancellationError() }
        return result
      }
      result.title = self.title
    } catch {
      try Task.checkCancellation()
      result = ScenarioResult(title: self.title)
      result.problems = ["it could not be played: \(error)"]
    }
    if !result.faults.isEmpty { try await stage.heal() }
    for server in [stage.first, stage.second] where try await server.revive() {
      result.remark = [result.remark, "a Triton died by itself"].compactMap(\.self).joined(separator: "; ")
    }
    return result
  }

  private struct TimeOver: Error, CustomStringConvertible {
    var description: String { "it did not end within \(inWords(Scenario.timeLimit))" }
  }
}

extension Chronicle.Disturbance {
  /// Disturbs a server for a while.
  ///
  /// - Parameters:
  ///   - server: which one.
  ///   - leavesOthers: whether the client has another one.
  ///   - duration: time between `begin` and `end`.
  static func of(
    _ server: ChaosTriton,
    leavesOthers: Bool,
    for duration: Duration,
    begin: () async throws -> Void,
    end: () async throws -> Void
  ) async throws -> Chronicle.Disturbance {
    let beginTime = ContinuousClock.now
    try await begin()
    let inForceTime = ContinuousClock.now
    try await Task.sleep(for: duration)
    try await end()
    return Chronicle.Disturbance(
      endpoint: server.url,
      begin: beginTime,
      inForce: inForceTime,
      end: .now,
      leavesOthers: leavesOthers
    )
  }
}
