// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// What a sampler has to know about a denoiser, read from the parameters of its `config.pbtxt`.
public struct DenoiserParameters: Sendable, Hashable {
  /// What the network predicts (`prediction_type`).
  public let prediction: PredictionType
  /// The noise levels it was trained on (`beta_schedule`, `beta_start`, `beta_end`, `num_train_timesteps`).
  public let schedule: NoiseSchedule
  /// How its latents are scaled (`latent_channels`, `vae_scale_factor`, `latent_scale`, `latent_shift`).
  public let latentFormat: LatentFormat

  /// The facts that a model carries. Only `latent_shift` may be missing; it is 0 then.
  ///
  /// - Throws: `GraphError` (`.invalidModel`) that names the parameter that is missing or cannot be used.
  public init(_ model: ModelReference) throws {
    let predictionName = try model.parameter("prediction_type")
    guard let prediction = PredictionType(named: predictionName) else {
      throw GraphError(
        .invalidModel,
        "the model \(quoted(model.name)) predicts \(quoted(predictionName)); supported are "
          + listed(PredictionType.known.map(\.name), conjunction: "and"))
    }
    let scheduleName = try model.parameter("beta_schedule")
    guard let betaSchedule = NoiseSchedule.BetaSchedule(named: scheduleName) else {
      throw GraphError(
        .invalidModel,
        "the model \(quoted(model.name)) has the beta schedule \(quoted(scheduleName)); supported are "
          + listed(NoiseSchedule.BetaSchedule.known.map(\.name), conjunction: "and"))
    }
    self.prediction = prediction
    schedule = try NoiseSchedule(
      betaSchedule: betaSchedule,
      betaStart: try model.parameter("beta_start", as: Double.self),
      betaEnd: try model.parameter("beta_end", as: Double.self),
      trainingTimesteps: try model.parameter("num_train_timesteps", as: Int.self))
    let latentFormat = LatentFormat(
      channels: try model.parameter("latent_channels", as: Int.self),
      scaleFactor: try model.parameter("vae_scale_factor", as: Int.self),
      scale: try model.parameter("latent_scale", as: Float.self),
      shift: model.parameters["latent_shift"] == nil ? 0 : try model.parameter("latent_shift", as: Float.self)
    )
    guard (1...1024).contains(latentFormat.channels), (1...256).contains(latentFormat.scaleFactor),
      latentFormat.scale.isFinite, latentFormat.scale > 0, latentFormat.shift.isFinite
    else {
      throw GraphError(
        .invalidModel,
        "the model \(quoted(model.name)) describes latents that cannot be: \(latentFormat.channels) channels, "
          + "\(latentFormat.scaleFactor) pixels a cell, scale \(latentFormat.scale), shift \(latentFormat.shift)"
      )
    }
    self.latentFormat = latentFormat
  }
}
