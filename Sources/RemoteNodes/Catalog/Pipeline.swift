// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// The models on a server that make pictures together: what a workflow calls a checkpoint.
public struct Pipeline: Sendable, Hashable {
  /// Its name, the `pipeline` parameter that its models share.
  public let name: String
  /// The kind of model, "sd1" for Stable Diffusion 1.x; empty where no model says it.
  public let family: String
  /// Its models by what they do.
  public let models: [ModelRole: ModelReference]
  /// Models that have the role of one in `models`, and so leave open which is meant.
  public let ambiguousModels: [ModelRole: [String]]
  /// Models of a similar name that the server has but cannot use now, each with the reason.
  public let unavailableModels: [String: String]

  /// The picture width it was made for, in pixels.
  public var defaultWidth: Int? { denoiserNumber("default_width") }
  /// The picture height it was made for, in pixels.
  public var defaultHeight: Int? { denoiserNumber("default_height") }
  /// The steps that do it justice.
  public var defaultSteps: Int? { denoiserNumber("default_steps") }
  /// The guidance scale that does it justice.
  public var defaultCFG: Double? { models[.denoiser]?.parameters["default_cfg"].flatMap(Double.init) }

  private func denoiserNumber(_ key: String) -> Int? {
    models[.denoiser]?.parameters[key].flatMap(Int.init).flatMap { $0 > 0 ? $0 : nil }
  }

  /// The model with a role.
  ///
  /// - Throws: `GraphError` (`.missingModel`) that says what the pipeline has instead.
  public func model(for role: ModelRole) throws -> ModelReference {
    if let others = ambiguousModels[role] {
      throw GraphError(
        .invalidModel,
        "the pipeline \(quoted(name)) has several models of the role \(role), "
          + "\(listed(others, conjunction: "and")): leave one")
    }
    if let model = models[role] { return model }
    let roles = models.keys.map(\.name).sorted()
    var message =
      "the pipeline \(quoted(name)) has no \(role) model: it has \(listed(roles, conjunction: "and"))"
    if !unavailableModels.isEmpty {
      let named = unavailableModels.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value))" }
      message += "; not ready on the server: \(named.joined(separator: ", "))"
    }
    throw GraphError(.missingModel, message)
  }

  /// What a sampler has to know about the denoiser.
  ///
  /// - Throws: `GraphError`: `.missingModel` without a denoiser, `.invalidModel` where it does not describe
  ///   itself.
  public func denoiserParameters() throws -> DenoiserParameters {
    try DenoiserParameters(try model(for: .denoiser))
  }
}
