// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation

/// The noise levels a discrete diffusion model (Stable Diffusion 1.x, 2.x, XL) was trained on.
///
/// With β_t from the beta schedule and ᾱ_t = Π (1 − β), the level of timestep t is σ_t = √((1 − ᾱ_t)/ᾱ_t):
/// the standard deviation of the noise when the signal has its own scale (Karras et al., "Elucidating the
/// Design Space of Diffusion-Based Generative Models", 2022). The table is computed in double precision and
/// rounded once, as the tools whose pictures we want to meet do.
public struct NoiseSchedule: Sendable, Hashable {
  /// How β grows with the timestep. More may be added.
  public struct BetaSchedule: Hashable, Sendable, CustomStringConvertible {
    /// The name that diffusers gives it in `scheduler_config.json`.
    public let name: String

    /// √β grows linearly: Stable Diffusion's.
    public static let scaledLinear = BetaSchedule(name: "scaled_linear")
    /// β grows linearly: the one of the first DDPM paper.
    public static let linear = BetaSchedule(name: "linear")

    /// All that are known, in the order to list them.
    public static let known: [BetaSchedule] = [.scaledLinear, .linear]

    /// The schedule of that name, or nil where it is unknown.
    public init?(named name: String) {
      guard let match = Self.known.first(where: { $0.name == name }) else { return nil }
      self = match
    }

    private init(name: String) {
      self.name = name
    }

    /// The name.
    public var description: String { name }
  }

  /// σ of each training timestep, ascending.
  public let sigmas: [Float]
  private let logSigmas: [Float]

  /// The table for the given betas.
  ///
  /// - Parameters:
  ///   - betaSchedule: how β grows from `betaStart` to `betaEnd`.
  ///   - betaStart: β of the first timestep, 0 < β < 1.
  ///   - betaEnd: β of the last timestep, `betaStart` ≤ β < 1.
  ///   - trainingTimesteps: length of the table, 2 or more.
  /// - Throws: `GraphError` (`.invalidModel`) where the numbers cannot be a schedule.
  public init(
    betaSchedule: BetaSchedule = .scaledLinear, betaStart: Double = 0.00085, betaEnd: Double = 0.012,
    trainingTimesteps: Int = 1000
  ) throws {
    guard 0 < betaStart, betaStart <= betaEnd, betaEnd < 1 else {
      throw GraphError(
        .invalidModel,
        "the noise schedule needs 0 < beta_start <= beta_end < 1, given \(betaStart) and \(betaEnd)")
    }
    guard (2...1_000_000).contains(trainingTimesteps) else {
      throw GraphError(
        .invalidModel,
        "the noise schedule needs num_train_timesteps between 2 and 1000000, given \(trainingTimesteps)")
    }
    let squared = betaSchedule == .scaledLinear
    let first = squared ? betaStart.squareRoot() : betaStart
    let last = squared ? betaEnd.squareRoot() : betaEnd
    let step = (last - first) / Double(trainingTimesteps - 1)

    var sigmas: [Float] = []
    var logSigmas: [Float] = []
    sigmas.reserveCapacity(trainingTimesteps)
    logSigmas.reserveCapacity(trainingTimesteps)
    var alphaProduct = 1.0
    for index in 0..<trainingTimesteps {
      // Both halves are counted from their own end, so that the last beta is exact.
      let value =
        index < trainingTimesteps / 2
        ? first + step * Double(index) : last - step * Double(trainingTimesteps - 1 - index)
      alphaProduct *= 1 - (squared ? value * value : value)
      let sigma = ((1 - alphaProduct) / alphaProduct).squareRoot()
      sigmas.append(Float(sigma))
      logSigmas.append(Float(log(sigma)))
    }
    self.sigmas = sigmas
    self.logSigmas = logSigmas
  }

  /// The lowest level of the table (0.0291671585 for Stable Diffusion 1.x).
  public var sigmaMin: Float { sigmas.first ?? 0 }
  /// The highest level of the table (14.6146412 for Stable Diffusion 1.x).
  public var sigmaMax: Float { sigmas.last ?? 0 }

  /// The training timestep whose level is nearest to `sigma` (> 0) on a logarithmic scale; what the network
  /// is told. The lower one of two that are equally near.
  public func timestep(sigma: Float) -> Int {
    let logSigma = log(sigma)
    var nearest = 0
    var smallest = Float.infinity
    for (index, candidate) in logSigmas.enumerated() {
      let distance = abs(logSigma - candidate)
      if distance < smallest {
        smallest = distance
        nearest = index
      }
    }
    return nearest
  }

  /// The level at a timestep between two of the table, interpolated on a logarithmic scale.
  ///
  /// - Parameter timestep: clamped to the table, 0 … count − 1.
  public func sigma(timestep: Float) -> Float {
    let clamped = min(max(timestep, 0), Float(sigmas.count - 1))
    let lower = clamped.rounded(.down)
    let weight = clamped - lower
    let low = logSigmas[Int(lower)]
    let high = logSigmas[Int(clamped.rounded(.up))]
    return exp((1 - weight) * low + weight * high)
  }
}
