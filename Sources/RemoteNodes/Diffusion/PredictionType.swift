// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// What a denoising network predicts, and so how a noisy latent goes in and how the clean one comes out. More
/// may be added.
///
/// Notation: x noisy latent, σ its noise level, v the network's output, D the denoised latent. The network of
/// the discrete models sees x/√(σ² + 1), which has the variance it was trained with.
public struct PredictionType: Sendable, Hashable, CustomStringConvertible {
  /// The name that diffusers gives it in `scheduler_config.json`.
  public let name: String

  /// The noise: D = x − σ·v.
  public static let epsilon = PredictionType(name: "epsilon")
  /// Velocity (Salimans and Ho 2022): D = x/(σ² + 1) − v·σ/√(σ² + 1).
  public static let velocity = PredictionType(name: "v_prediction")

  /// All that are known, in the order to list them.
  public static let known: [PredictionType] = [.epsilon, .velocity]

  /// The prediction type of that name, or nil where it is unknown.
  public init?(named name: String) {
    guard let match = Self.known.first(where: { $0.name == name }) else { return nil }
    self = match
  }

  private init(name: String) {
    self.name = name
  }

  /// The name.
  public var description: String { name }

  /// What to divide the noisy latent by before the network sees it: √(σ² + 1).
  public func inputDivisor(sigma: Float) -> Float {
    (sigma * sigma + 1).squareRoot()
  }

  /// The denoised value D for one element.
  @inline(__always)
  func denoised(_ x: Float, output: Float, coefficients: Coefficients) -> Float {
    x * coefficients.signal - output * coefficients.output
  }

  /// D = signal · x − output · v.
  struct Coefficients: Hashable {
    var signal: Float
    var output: Float
  }

  /// The two factors of D at a noise level.
  func coefficients(sigma: Float) -> Coefficients {
    guard self == .velocity else { return Coefficients(signal: 1, output: sigma) }
    let variance = sigma * sigma + 1
    return Coefficients(signal: 1 / variance, output: sigma / variance.squareRoot())
  }

  /// The first noisy latent of a run.
  ///
  /// - Parameters:
  ///   - noise: standard normal numbers.
  ///   - latent: what the run starts from, in the model's scale; zeros for a picture from nothing.
  ///   - sigma: the first noise level of the run.
  ///   - sigmaMax: the highest level of the model's table. A run that starts there gets noise·√(1 + σ²),
  ///     which is what the network saw as pure noise in training; any other noise·σ.
  /// - Returns: noise · factor + latent.
  public func noised(noise: [Float], latent: [Float], sigma: Float, sigmaMax: Float) -> [Float] {
    let tolerance = 1e-5 * max(abs(sigma), abs(sigmaMax))
    let startsAtMaximum = sigma > sigmaMax || abs(sigma - sigmaMax) <= tolerance
    let factor = startsAtMaximum ? inputDivisor(sigma: sigma) : sigma
    return zip(noise, latent).map { $0 * factor + $1 }
  }
}
