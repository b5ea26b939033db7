// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing

@testable import RemoteNodes

@Suite("What networks predict")
struct PredictionTypeTests {
  @Test("epsilon: D = x − σ·v")
  func epsilon() {
    let coefficients = PredictionType.epsilon.coefficients(sigma: 3)
    #expect(PredictionType.epsilon.denoised(5, output: 0.5, coefficients: coefficients) == 3.5)
  }

  @Test("velocity: D = x/(σ² + 1) − v·σ/√(σ² + 1)")
  func velocity() {
    let coefficients = PredictionType.velocity.coefficients(sigma: 3)
    let expected = 5 / Float(10) - 0.5 * 3 / Float(10).squareRoot()
    #expect(
      abs(PredictionType.velocity.denoised(5, output: 0.5, coefficients: coefficients) - expected) < 1e-6)
  }

  @Test("A perfect network gives the clean value back, for both types", arguments: PredictionType.known)
  func roundTrip(type: PredictionType) {
    let (clean, noise, sigma): (Float, Float, Float) = (0.7, -1.3, 2.5)
    let x = clean + sigma * noise
    // Velocity of the variance-preserving form: α·ε − σ_vp·x0 with α = 1/√(σ² + 1), σ_vp = σ·α.
    let alpha = 1 / (sigma * sigma + 1).squareRoot()
    let output = type == .epsilon ? noise : alpha * noise - sigma * alpha * clean
    let denoised = type.denoised(x, output: output, coefficients: type.coefficients(sigma: sigma))
    #expect(abs(denoised - clean) < 1e-5)
  }

  @Test("The first latent: √(1 + σ²) at the top of the table, σ below")
  func noised() {
    let type = PredictionType.epsilon
    #expect(
      type.noised(noise: [2], latent: [0.5], sigma: 3, sigmaMax: 3) == [2 * Float(10).squareRoot() + 0.5])
    #expect(type.noised(noise: [2], latent: [0.5], sigma: 3, sigmaMax: 4) == [6.5])
    #expect(type.noised(noise: [2], latent: [0], sigma: 5, sigmaMax: 4) == [2 * Float(26).squareRoot()])
    // Within 1e-5 of the top counts as the top: the karras levels start a rounding above or below it.
    let near: Float = 14.6146431
    #expect(
      type.noised(noise: [1], latent: [0], sigma: near, sigmaMax: 14.6146412)
        == [(near * near + 1).squareRoot()])
    #expect(type.noised(noise: [1], latent: [0], sigma: 14.61, sigmaMax: 14.6146412) == [14.61])
  }

  @Test("Names are diffusers'")
  func names() {
    #expect(PredictionType(named: "epsilon") == .epsilon)
    #expect(PredictionType(named: "v_prediction") == .velocity)
    #expect(PredictionType(named: "sample") == nil)
  }
}
