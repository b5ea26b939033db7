// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import InferenceProtos

extension ModelConfiguration {
  /// One of the models that an ensemble consists of.
  public struct EnsembleStep: Sendable, Hashable {
    /// Name of the model.
    public let model: String

    /// Version of the model; `nil` leaves the choice to the server.
    public let version: Int?

    /// For each input of the model the ensemble's tensor that goes into it.
    public let inputs: [String: String]

    /// For each output of the model the ensemble's tensor that comes of it.
    public let outputs: [String: String]

    init(_ step: Inference_ModelEnsembling.Step) {
      self.model = step.modelName
      self.version = step.modelVersion < 0 ? nil : Int(step.modelVersion)
      self.inputs = step.inputMap
      self.outputs = step.outputMap
    }
  }
}

extension ModelConfiguration.EnsembleStep: Codable {
  private enum CodingKeys: String, CodingKey {
    case model = "model_name"
    case version = "model_version"
    case inputs = "input_map"
    case outputs = "output_map"
  }

  /// Reads Triton's JSON.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.model = try container.decode(String.self, forKey: .model)
    let version = try container.integer(.version)
    self.version = version < 0 ? nil : version
    self.inputs = try container.value(.inputs, default: [:])
    self.outputs = try container.value(.outputs, default: [:])
  }

  /// Writes Triton's JSON.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(self.model, forKey: .model)
    try container.encode(self.version ?? -1, forKey: .version)
    try container.encode(self.inputs, forKey: .inputs)
    try container.encode(self.outputs, forKey: .outputs)
  }
}
