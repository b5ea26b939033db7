// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// Walks a noisy latent down a list of noise levels. The names are ComfyUI's; more may be added.
public struct Sampler: Sendable, Hashable, CustomStringConvertible {
  /// The denoised estimate D(x, σ) of a noisy latent: for a remote model, one round trip.
  public typealias Denoiser = @Sendable (_ x: [Float], _ sigma: Float) async throws -> [Float]

  /// A finished step.
  public struct Step: Sendable, Hashable {
    /// 1 … `total`.
    public let number: Int
    /// Steps of the whole run.
    public let total: Int
    /// How long this step took.
    public let duration: Duration
  }

  /// A step that failed, with what went wrong in it.
  public struct StepError: Error, CustomStringConvertible {
    /// The step that failed, 1 … `total`.
    public let number: Int
    /// Steps of the whole run.
    public let total: Int
    /// What the denoiser threw.
    public let underlyingError: any Error

    /// One line: the step, then the cause.
    public var description: String { "failed at step \(number) of \(total): \(underlyingError)" }
  }

  /// One step from level `sigmas[index]` to `sigmas[index + 1]`, in place.
  typealias Stepper =
    @Sendable (_ x: inout [Float], _ sigmas: [Float], _ index: Int, _ denoise: Denoiser) async throws -> Void

  /// The name a workflow uses.
  public let name: String
  private let stepper: Stepper

  /// Euler's method: x += (x − D)/σ · (σ_next − σ). One evaluation a step.
  public static let euler = Sampler(name: "euler") { x, sigmas, index, denoise in
    let denoised = try await denoise(x, sigmas[index])
    eulerStep(&x, denoised: denoised, sigma: sigmas[index], next: sigmas[index + 1])
  }

  /// All that are known, in the order to list them.
  public static let known: [Sampler] = [.euler]

  init(name: String, stepper: @escaping Stepper) {
    self.name = name
    self.stepper = stepper
  }

  /// The sampler of that name.
  ///
  /// - Throws: `GraphError` (`.unknownSampler`) that lists the known ones.
  public static func named(_ name: String) throws -> Sampler {
    guard let match = known.first(where: { $0.name == name }) else {
      throw GraphError(
        .unknownSampler, "the sampler \(quoted(name)) is unknown: use \(listed(known.map(\.name)))")
    }
    return match
  }

  /// Runs all steps.
  ///
  /// - Parameters:
  ///   - start: the noisy latent at level `sigmas[0]`.
  ///   - sigmas: descending noise levels, one more than there are steps. With one or none, `start` is
  ///     returned.
  ///   - denoise: the denoised estimate; must return as many elements as it is given.
  ///   - onStep: told of every finished step.
  /// - Returns: the latent at the last level.
  /// - Throws: `CancellationError` before the first step after the task was cancelled; `StepError` where a
  ///   step fails.
  public func sample(
    _ start: [Float], sigmas: [Float], denoise: Denoiser, onStep: (Step) -> Void = { _ in }
  ) async throws -> [Float] {
    var x = start
    let total = max(0, sigmas.count - 1)
    let clock = ContinuousClock()
    for index in 0..<total {
      try Task.checkCancellation()
      let started = clock.now
      do {
        try await stepper(&x, sigmas, index, denoise)
        guard x.allSatisfy(\.isFinite) else {
          throw GraphError(
            .invalidModel,
            "the model's answer holds infinities or numbers that are none: it may be broken, or overflow in half "
              + "precision")
        }
      } catch {
        // A cancelled call may fail in its own words; what happened is still a cancellation.
        if error is CancellationError || Task.isCancelled { throw CancellationError() }
        throw StepError(number: index + 1, total: total, underlyingError: error)
      }
      onStep(Step(number: index + 1, total: total, duration: clock.now - started))
    }
    return x
  }

  /// One step of Euler's method, in place.
  ///
  /// - Parameters:
  ///   - x: the noisy latent at level `sigma`; afterwards the one at level `next`.
  ///   - denoised: D(x, sigma), as many elements as `x`.
  ///   - sigma: the current level, > 0.
  ///   - next: the next level.
  public static func eulerStep(_ x: inout [Float], denoised: [Float], sigma: Float, next: Float) {
    precondition(
      x.count == denoised.count, "the denoised latent has \(denoised.count) elements, not \(x.count)")
    let change = next - sigma
    x.withUnsafeMutableBufferPointer { x in
      denoised.withUnsafeBufferPointer { denoised in
        for index in x.indices {
          x[index] += (x[index] - denoised[index]) / sigma * change
        }
      }
    }
  }

  /// The name.
  public var description: String { name }

  /// Whether the names are the same.
  public static func == (left: Sampler, right: Sampler) -> Bool { left.name == right.name }
  /// Hashes the name.
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
