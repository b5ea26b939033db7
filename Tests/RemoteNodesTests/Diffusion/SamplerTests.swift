// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import RemoteNodes
import Testing

@Suite("Samplers")
struct SamplerTests {
  struct Broken: Error, CustomStringConvertible {
    var description: String { "the line is dead" }
  }

  @Test("Euler's step: x += (x − D)/σ · (σ_next − σ)")
  func step() {
    var x: [Float] = [4, -2, 1]
    Sampler.eulerStep(&x, denoised: [2, 0, 1], sigma: 2, next: 1)
    #expect(x == [3, -1, 1])
    Sampler.eulerStep(&x, denoised: [2.5, 0.5, 1], sigma: 1, next: 0)
    #expect(x == [2.5, 0.5, 1])
  }

  @Test("A fixed picture is met exactly, whatever the levels")
  func constantDenoiser() async throws {
    let picture: [Float] = [0.25, -3, 0, 7]
    let sigmas = Scheduler.karras.sigmas(for: try NoiseSchedule(), steps: 10)
    let result = try await Sampler.euler.sample([90, -80, 3, 1], sigmas: sigmas) { _, _ in picture }
    #expect(zip(result, picture).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  @Test("The Gaussian case: with many steps Euler's method meets the closed form")
  func gaussian() async throws {
    // For data of variance s², D(x, σ) = x·s²/(s² + σ²) and x(0) = x(σ)·s/√(s² + σ²).
    let variance: Float = 0.36
    let sigmas = Scheduler.karras.sigmas(for: try NoiseSchedule(), steps: 2000)
    let start: Float = 10
    let result = try await Sampler.euler.sample([start], sigmas: sigmas) { x, sigma in
      x.map { $0 * variance / (variance + sigma * sigma) }
    }
    let expected = start * (variance / (variance + sigmas[0] * sigmas[0])).squareRoot()
    #expect(isClose(result, [expected], relative: 5e-3), "\(result) should be near \(expected)")
  }

  @Test("Every step is told once, in order, with the level it evaluates")
  func progress() async throws {
    let levels = Recorder<Float>()
    var steps: [Int] = []
    _ = try await Sampler.euler.sample([1], sigmas: [4, 2, 1, 0]) { x, sigma in
      levels.add(sigma)
      return x
    } onStep: { step in
      #expect(step.total == 3)
      #expect(step.duration >= .zero)
      steps.append(step.number)
    }
    #expect(levels.values == [4, 2, 1])
    #expect(steps == [1, 2, 3])
  }

  @Test("Without levels nothing is evaluated", arguments: [[], [Float(3)]])
  func noLevels(sigmas: [Float]) async throws {
    let result = try await Sampler.euler.sample([5, 6], sigmas: sigmas) { _, _ in throw Broken() }
    #expect(result == [5, 6])
  }

  @Test("A failing step is told with its number and its cause")
  func failure() async throws {
    let error = await #expect(throws: Sampler.StepError.self) {
      try await Sampler.euler.sample([1], sigmas: [3, 2, 1, 0]) { x, sigma in
        if sigma == 2 { throw Broken() }
        return x
      }
    }
    #expect(error?.number == 2)
    #expect(error?.total == 3)
    #expect(error?.description == "failed at step 2 of 3: the line is dead")
  }

  @Test("An answer that is not finite is a failure, not a black picture", arguments: [Float.nan, .infinity])
  func notFinite(value: Float) async throws {
    let error = await #expect(throws: Sampler.StepError.self) {
      try await Sampler.euler.sample([1, 2], sigmas: [3, 2, 0]) { x, sigma in sigma == 2 ? [value, 0] : x }
    }
    #expect(error?.number == 2)
    #expect((error?.underlyingError as? GraphError)?.code == .invalidModel)
  }

  @Test("Cancelling stops before the next step, as a cancellation")
  func cancellation() async throws {
    let levels = Recorder<Float>()
    let task = Task {
      try await Sampler.euler.sample([1], sigmas: [3, 2, 1, 0]) { x, sigma in
        levels.add(sigma)
        if sigma == 2 { withUnsafeCurrentTask { $0?.cancel() } }
        return x
      }
    }
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(levels.values == [3, 2])
  }

  @Test("What a cancelled call throws is a cancellation, in whatever words")
  func cancelledCall() async throws {
    let task = Task {
      try await Sampler.euler.sample([1], sigmas: [3, 0]) { _, _ in
        withUnsafeCurrentTask { $0?.cancel() }
        throw Broken()
      }
    }
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test("An unknown name is refused with the known ones")
  func names() throws {
    #expect(try Sampler.named("euler") == .euler)
    let error = #expect(throws: GraphError.self) { try Sampler.named("eular") }
    #expect(error?.code == .unknownSampler)
    #expect(error?.description == "the sampler \"eular\" is unknown: use euler")
  }
}
