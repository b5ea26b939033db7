// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import TritonClient

/// Processes that die and freeze.
extension Scenario {
  static let ofProcesses = [
    Scenario("kill", "SIGKILL and restart, one server") { stage in
      try await Scenario.kill(stage, hasOther: false)
    },
    Scenario("kill-one-of-two", "SIGKILL and restart of one of two") { stage in
      try await Scenario.kill(stage, hasOther: true)
    },
    Scenario("freeze", "SIGSTOP for a while, one server") { stage in
      try await Scenario.freeze(stage, hasOther: false)
    },
    Scenario("freeze-one-of-two", "SIGSTOP of one of two") { stage in
      try await Scenario.freeze(stage, hasOther: true)
    },
  ]

  private static func kill(_ stage: ChaosStage, hasOther: Bool) async throws -> ScenarioResult {
    let trial = Trial(
      urls: stage.urls(hasOther),
      configuration: .patient,
      runs: stage.scale.runs
    )
    return ScenarioResult(
      try await trial.perform(stage.maker) {
        try await .of(stage.first, leavesOthers: hasOther, for: .zero) {
          try await stage.first.kill()
        } end: {
          try await stage.first.restart()
        }
      }
    )
  }

  private static func freeze(_ stage: ChaosStage, hasOther: Bool) async throws -> ScenarioResult {
    var configuration = InferenceServerClient.Configuration.patient
    // Nothing is gained by asking a frozen server again.
    if !hasOther { configuration.attemptTimeout = nil }
    let trial = Trial(
      urls: stage.urls(hasOther),
      configuration: configuration,
      runs: stage.scale.runs
    )
    var result = ScenarioResult(
      try await trial.perform(stage.maker) {
        try await .of(stage.first, leavesOthers: hasOther, for: stage.scale.freeze) {
          await stage.first.suspend()
        } end: {
          await stage.first.resume()
        }
      }
    )
    result.remark = "stopped for \(inWords(stage.scale.freeze))"
    return result
  }
}

extension ChaosStage {
  /// The addresses of both servers, or of the first alone.
  func urls(_ both: Bool) -> [String] {
    both ? [self.first.url, self.second.url] : [self.first.url]
  }
}
