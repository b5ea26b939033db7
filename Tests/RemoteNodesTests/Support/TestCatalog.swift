// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

@testable import RemoteNodes

/// A server's models as their configurations would tell them.
enum TestCatalog {
  static let denoiserParameters = [
    "pipeline": "shapes", "role": "denoiser", "family": "sd1", "prediction_type": "epsilon",
    "beta_schedule": "scaled_linear", "beta_start": "0.00085", "beta_end": "0.012",
    "num_train_timesteps": "1000", "latent_channels": "4", "vae_scale_factor": "8", "latent_scale": "0.18215",
    "latent_shift": "0", "default_width": "128", "default_height": "128", "default_steps": "20",
    "default_cfg": "4",
  ]

  static func model(_ role: ModelRole, pipeline: String = "shapes", family: String = "sd1") -> ModelReference
  {
    var parameters = role == .denoiser ? denoiserParameters : [:]
    parameters["pipeline"] = pipeline
    parameters["role"] = role.name
    parameters["family"] = family
    return ModelReference(name: "\(pipeline)_\(role)", maximumBatchSize: 8, parameters: parameters)
  }

  static let roles: [ModelRole] = [.textEncoder, .tokenizer, .denoiser, .vaeDecoder, .vaeEncoder]

  static let shapes = ModelCatalog(server: "grpc://test:8001", models: roles.map { model($0) })
}
