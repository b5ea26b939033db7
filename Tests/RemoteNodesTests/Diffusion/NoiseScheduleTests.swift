// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import RemoteNodes
import Testing

@Suite("Noise levels of a discrete model")
struct NoiseScheduleTests {
  @Test("Stable Diffusion 1.5's table ends where ComfyUI's does")
  func table() throws {
    let schedule = try NoiseSchedule()
    #expect(schedule.sigmas.count == 1000)
    #expect(schedule.sigmaMin == 0.0291671585)
    #expect(schedule.sigmaMax == 14.6146412)
    #expect(zip(schedule.sigmas, schedule.sigmas.dropFirst()).allSatisfy(<))
  }

  @Test("Linear betas: the first DDPM's table in closed form at its start")
  func linear() throws {
    let schedule = try NoiseSchedule(
      betaSchedule: .linear, betaStart: 0.0001, betaEnd: 0.02, trainingTimesteps: 1000)
    // σ² + 1 = 1/ᾱ: after one step 1/(1 − 0.0001), after two times 1/(1 − 0.0001 − 0.0199/999).
    let first = (1 / 0.9999 - 1).squareRoot()
    let second = (1 / (0.9999 * (1 - 0.0001 - 0.0199 / 999)) - 1).squareRoot()
    #expect(isClose(Array(schedule.sigmas.prefix(2)), [Float(first), Float(second)], relative: 1e-6))
    #expect(schedule.sigmaMax > 150 && schedule.sigmaMax < 160)
  }

  @Test(
    "percent_to_sigma of 0.2, 0.5 and 0.8: a timestep between two is interpolated",
    arguments: [
      (Float(0.8 * 999), Float(5.092408)), (0.5 * 999, 1.61558), (0.2 * 999, 0.571189),
    ] as [(Float, Float)])
  func interpolation(timestep: Float, sigma: Float) throws {
    #expect(isClose([try NoiseSchedule().sigma(timestep: timestep)], [sigma], relative: 1e-6))
  }

  @Test("A level's timestep is the nearest one, clamped to the table")
  func timesteps() throws {
    let schedule = try NoiseSchedule()
    for index in stride(from: 0, to: 1000, by: 37) {
      #expect(schedule.timestep(sigma: schedule.sigmas[index]) == index)
    }
    #expect(schedule.timestep(sigma: 1000) == 999)
    #expect(schedule.timestep(sigma: 1e-6) == 0)
    #expect(schedule.timestep(sigma: (schedule.sigmas[500] * 0.9) + (schedule.sigmas[501] * 0.1)) == 500)
    #expect(schedule.sigma(timestep: -5) == schedule.sigma(timestep: 0))
    #expect(schedule.sigma(timestep: 2000) == schedule.sigma(timestep: 999))
  }

  @Test(
    "Figures that cannot be a schedule are refused",
    arguments: [
      (0.0, 0.012, 1000), (0.02, 0.01, 1000), (0.1, 1.0, 1000), (.nan, 0.1, 1000), (0.1, 0.2, 1),
      (0.1, 0.2, -3),
    ] as [(Double, Double, Int)])
  func refused(start: Double, end: Double, count: Int) {
    let error = #expect(throws: GraphError.self) {
      try NoiseSchedule(betaStart: start, betaEnd: end, trainingTimesteps: count)
    }
    #expect(error?.code == .invalidModel)
  }

  @Test("Beta schedules are found by diffusers' names")
  func names() {
    #expect(NoiseSchedule.BetaSchedule(named: "scaled_linear") == .scaledLinear)
    #expect(NoiseSchedule.BetaSchedule(named: "linear") == .linear)
    #expect(NoiseSchedule.BetaSchedule(named: "squaredcos_cap_v2") == nil)
  }
}
