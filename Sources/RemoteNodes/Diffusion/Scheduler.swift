// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation

/// Chooses the noise levels of a run from a model's table. The names are ComfyUI's; more may be added.
public struct Scheduler: Sendable, Hashable, CustomStringConvertible {
  /// The name a workflow uses.
  public let name: String
  private let levels: @Sendable (NoiseSchedule, Int) -> [Float]

  /// Evenly spaced entries of the table, starting at the highest.
  public static let simple = Scheduler(name: "simple", levels: SigmaSpacing.simple)
  /// Evenly spaced timesteps from the highest to the lowest level, then 0.
  public static let normal = Scheduler(name: "normal", levels: SigmaSpacing.normal)
  /// Karras et al. 2022, equation 5 with ρ = 7: more steps at low noise.
  public static let karras = Scheduler(name: "karras", levels: SigmaSpacing.karras)

  /// All that are known, in the order to list them.
  public static let known: [Scheduler] = [.simple, .karras, .normal]

  /// The scheduler of that name.
  ///
  /// - Throws: `GraphError` (`.unknownScheduler`) that lists the known ones.
  public static func named(_ name: String) throws -> Scheduler {
    guard let match = known.first(where: { $0.name == name }) else {
      throw GraphError(
        .unknownScheduler,
        "the scheduler \(quoted(name)) is unknown: use \(listed(known.map(\.name)))")
    }
    return match
  }

  /// The descending noise levels of a run: one per step and a last 0.
  ///
  /// - Parameters:
  ///   - schedule: the model's table.
  ///   - steps: 1 or more.
  ///   - denoise: the part of the way to go, 0 … 1. Below 1 the levels are the last `steps + 1` of a run of
  ///     ⌊steps / denoise⌋ steps. At 0 there are none: the latent stays as it is.
  public func sigmas(for schedule: NoiseSchedule, steps: Int, denoise: Double = 1) -> [Float] {
    guard steps > 0, denoise > 0 else { return [] }
    if denoise > 0.9999 { return levels(schedule, steps) }
    let total = min((Double(steps) / denoise).rounded(.towardZero), 1e7)
    return Array(levels(schedule, Int(total)).suffix(steps + 1))
  }

  /// The name.
  public var description: String { name }

  /// Whether the names are the same.
  public static func == (left: Scheduler, right: Scheduler) -> Bool { left.name == right.name }
  /// Hashes the name.
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

/// The formulas behind `Scheduler`: noise levels of an n-step run, highest first, 0 at the end.
enum SigmaSpacing {
  @Sendable static func simple(_ schedule: NoiseSchedule, steps: Int) -> [Float] {
    let stride = Double(schedule.sigmas.count) / Double(steps)
    let last = schedule.sigmas.count - 1
    return (0..<steps).map { schedule.sigmas[last - Int(Double($0) * stride)] } + [0]
  }

  @Sendable static func normal(_ schedule: NoiseSchedule, steps: Int) -> [Float] {
    let first = Float(schedule.timestep(sigma: schedule.sigmaMax))
    let last = Float(schedule.timestep(sigma: schedule.sigmaMin))
    // A table that goes down to 0 itself needs no 0 after it.
    let endsAtZero = schedule.sigma(timestep: last) <= 1e-5
    let timesteps = linearSpace(from: first, to: last, count: endsAtZero ? steps + 1 : steps)
    return timesteps.map(schedule.sigma(timestep:)) + (endsAtZero ? [] : [0])
  }

  @Sendable static func karras(_ schedule: NoiseSchedule, steps: Int) -> [Float] {
    let rho = 7.0
    let high = pow(Double(schedule.sigmaMax), 1 / rho)
    let low = pow(Double(schedule.sigmaMin), 1 / rho)
    let ramp = linearSpace(from: 0, to: 1, count: steps)
    return ramp.map { pow(Float(high) + $0 * Float(low - high), Float(rho)) } + [0]
  }

  /// torch.linspace in float32: fused multiply-adds, each half counted from its own end.
  static func linearSpace(from first: Float, to last: Float, count: Int) -> [Float] {
    guard count > 1 else { return count == 1 ? [first] : [] }
    let step = (last - first) / Float(count - 1)
    return (0..<count).map { index in
      index < count / 2
        ? first.addingProduct(step, Float(index)) : last.addingProduct(-step, Float(count - 1 - index))
    }
  }
}
