// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// Models that go and come back.
extension Scenario {
  static let ofModels = [
    Scenario("reload", "model unloaded and loaded under load, one server") { stage in
      try await Scenario.reload(stage, hasOther: false)
    },
    Scenario("reload-one-of-two", "model unloaded and loaded on one of two") { stage in
      try await Scenario.reload(stage, hasOther: true)
    },
  ]

  private static func reload(_ stage: ChaosStage, hasOther: Bool) async throws -> ScenarioResult {
    let trial = Trial(
      urls: stage.urls(hasOther),
      configuration: .patient,
      runs: stage.scale.runs
    )
    return ScenarioResult(
      try await trial.perform(stage.maker) {
        var disturbance = try await Chronicle.Disturbance.of(
          stage.first,
          leavesOthers: hasOther,
          for: stage.scale.hold
        ) {
          try await stage.first.unload(PictureMaker.denoiser)
        } end: {
          try await stage.first.load(PictureMaker.denoiser)
        }
        disturbance.model = PictureMaker.denoiser
        return disturbance
      }
    )
  }
}
