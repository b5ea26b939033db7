// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import TritonClient

/// Connections that break, are slow, or lead nowhere.
extension Scenario {
  static let ofConnections = [
    Scenario("drops", "30 % of the connections dropped", play: drops),
    Scenario("delay", "200 ms added to each round trip", play: delay),
    Scenario("half-open", "half-open connections, one server", play: halfOpen),
    Scenario("half-open-one-of-two", "one of two gone without a word", play: gone),
    Scenario("silent", "one of two is a port that accepts and never answers", play: silent),
  ]

  /// Each run has a connection of its own, which ends somewhere in the middle of what a run sends and gets.
  @Sendable private static func drops(_ stage: ChaosStage) async throws -> ScenarioResult {
    let before = try await stage.first.proxy.report()
    try await stage.first.proxy.change(to: ["drop_fraction": 0.3, "drop_within": 1_000_000, "reset": true])
    let trial = Trial(
      urls: stage.urls(false),
      configuration: .patient,
      runs: stage.scale.manyRuns,
      hasClientForEachRun: true
    )
    var result = ScenarioResult(try await trial.perform(stage.maker))
    let after = try await stage.first.proxy.report()
    try await stage.first.proxy.change()
    let dropped = after.dropped - before.dropped
    result.remark = "\(dropped) of \(after.accepted - before.accepted) connections"
    if dropped == 0 { result.problems.append("no connection was dropped") }
    return result
  }

  @Sendable private static func delay(_ stage: ChaosStage) async throws -> ScenarioResult {
    try await stage.first.proxy.change(to: ["latency_ms": 100])
    let trial = Trial(
      urls: stage.urls(false),
      configuration: .patient,
      runs: stage.scale.runs,
      concurrency: 4
    )
    let clock = ContinuousClock()
    let begin = clock.now
    var result = ScenarioResult(try await trial.perform(stage.maker))
    let elapsed = clock.now - begin
    try await stage.first.proxy.change()
    // Each worker makes its runs one after the other, each step of them a round trip.
    let least = Duration.milliseconds(200) * PictureMaker.steps
    if elapsed < least { result.problems.append("\(inWords(elapsed)) are too short for the delay") }
    return result
  }

  /// The connection that there is dies without a word, and others work: what a restart of something in the middle
  /// looks like. The client's pings find out.
  @Sendable private static func halfOpen(_ stage: ChaosStage) async throws -> ScenarioResult {
    var configuration = InferenceServerClient.Configuration.patient
    configuration.keepalive = Keepalive(interval: .seconds(1), timeout: .milliseconds(500))
    let trial = Trial(urls: stage.urls(false), configuration: configuration, runs: stage.scale.runs)
    var result = ScenarioResult(
      try await trial.perform(stage.maker) {
        try await .of(stage.first, leavesOthers: true, for: stage.scale.hold) {
          try await stage.first.proxy.change(to: ["black_hole": true, "connections": 0])
        } end: {
        }
      }
    )
    try await stage.first.proxy.change()
    // Its connection was dead, not the server.
    result.sentToDeadServer = nil
    return result
  }

  @Sendable private static func gone(_ stage: ChaosStage) async throws -> ScenarioResult {
    let trial = Trial(urls: stage.urls(true), configuration: .patient, runs: stage.scale.runs)
    return ScenarioResult(
      try await trial.perform(stage.maker) {
        // Longer than it takes to find out: the end breaks the connections that are left.
        try await .of(stage.first, leavesOthers: true, for: stage.scale.freeze) {
          try await stage.first.proxy.change(to: ["black_hole": true])
        } end: {
          try await stage.first.proxy.change()
        }
      }
    )
  }

  @Sendable private static func silent(_ stage: ChaosStage) async throws -> ScenarioResult {
    let silent = try await FaultProxy.open(stage.control, faults: ["black_hole": true])
    let trial = Trial(
      urls: [silent.url, stage.second.url],
      configuration: .patient,
      runs: stage.scale.runs
    )
    let begin = ContinuousClock.now
    var outcome = try await trial.perform(stage.maker)
    outcome.disturbance = .init(
      endpoint: silent.url,
      begin: begin,
      inForce: begin,
      end: .now,
      leavesOthers: true
    )
    try await silent.close()
    return ScenarioResult(outcome)
  }
}
