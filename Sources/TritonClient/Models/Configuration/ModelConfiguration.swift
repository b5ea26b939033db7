// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import InferenceProtos

/// A Triton model's configuration, as far as clients need it.
///
/// Its JSON is the one that Triton answers over HTTP (`/v2/models/NAME/config`), less what is not kept here:
/// encoded again it is a description of the model for people and tools, not a configuration to load it with.
public struct ModelConfiguration: Sendable, Hashable {
  /// Name of the model.
  public let name: String

  /// What runs the model, in Triton's older naming; often empty.
  public let platform: String

  /// What runs the model, such as "onnxruntime".
  public let backend: String

  /// File that holds the model in its version's folder; empty for the backend's own choice.
  public let defaultModelFilename: String

  /// Which versions in the repository the server offers.
  public let versionPolicy: VersionPolicy

  /// Largest batch; 0 if the tensors have no batch dimension.
  public let maximumBatchSize: Int

  /// What the model takes.
  public let inputs: [TensorConfiguration]

  /// What the model gives.
  public let outputs: [TensorConfiguration]

  /// On which devices the model runs, and how often.
  public let instanceGroups: [InstanceGroup]

  /// How the server joins requests of several clients to one batch; `nil` if it does not.
  public let dynamicBatching: DynamicBatching?

  /// How the server keeps the requests of a sequence together; `nil` for models without state.
  public let sequenceBatching: SequenceBatching?

  /// The models that this one consists of, in the order in which they are configured; empty unless it is an
  /// ensemble.
  public let ensembleSteps: [EnsembleStep]

  /// Whether one request may have none or many answers.
  public let isDecoupled: Bool

  /// Whether the server may answer a request from its cache.
  public let usesResponseCache: Bool

  /// The model's own settings and facts.
  public let parameters: [String: String]

  /// Whether the server joins requests of several clients to one batch.
  public var usesDynamicBatching: Bool { self.dynamicBatching != nil }

  /// Whether the model consists of other models.
  public var isEnsemble: Bool { !self.ensembleSteps.isEmpty }

  init(_ configuration: Inference_ModelConfig, endpoint: String) throws {
    self.name = configuration.name
    self.platform = configuration.platform
    self.backend = configuration.backend
    self.defaultModelFilename = configuration.defaultModelFilename
    self.versionPolicy = VersionPolicy(configuration.versionPolicy)
    self.maximumBatchSize = Int(configuration.maxBatchSize)
    self.instanceGroups = configuration.instanceGroup.map(InstanceGroup.init)
    self.isDecoupled = configuration.modelTransactionPolicy.decoupled
    self.usesResponseCache = configuration.responseCache.enable
    self.parameters = configuration.parameters.mapValues(\.stringValue)
    do {
      self.inputs = try configuration.input.map(TensorConfiguration.init)
      self.outputs = try configuration.output.map(TensorConfiguration.init)
      var dynamicBatching: DynamicBatching?
      var sequenceBatching: SequenceBatching?
      var ensembleSteps: [EnsembleStep] = []
      switch configuration.schedulingChoice {
      case .dynamicBatching(let batching): dynamicBatching = DynamicBatching(batching)
      case .sequenceBatching(let batching): sequenceBatching = try SequenceBatching(batching)
      case .ensembleScheduling(let ensemble): ensembleSteps = ensemble.step.map(EnsembleStep.init)
      case nil: break
      }
      self.dynamicBatching = dynamicBatching
      self.sequenceBatching = sequenceBatching
      self.ensembleSteps = ensembleSteps
    } catch var error as InferenceError {
      error.model = configuration.name
      error.endpoint = endpoint
      throw error
    }
  }
}

extension ModelConfiguration: Codable {
  private enum CodingKeys: String, CodingKey {
    case name, platform, backend, input, output, parameters
    case defaultModelFilename = "default_model_filename"
    case versionPolicy = "version_policy"
    case maximumBatchSize = "max_batch_size"
    case instanceGroups = "instance_group"
    case dynamicBatching = "dynamic_batching"
    case sequenceBatching = "sequence_batching"
    case ensemble = "ensemble_scheduling"
    case transactionPolicy = "model_transaction_policy"
    case responseCache = "response_cache"
  }

  private struct Parameter: Codable {
    var string_value: String
  }

  private struct Ensemble: Codable {
    var step: [EnsembleStep]
  }

  private struct TransactionPolicy: Codable {
    var decoupled: Bool?
  }

  private struct ResponseCache: Codable {
    var enable: Bool?
  }

  /// Reads Triton's JSON.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.name = try container.value(.name, default: "")
    self.platform = try container.value(.platform, default: "")
    self.backend = try container.value(.backend, default: "")
    self.defaultModelFilename = try container.value(.defaultModelFilename, default: "")
    self.versionPolicy = try container.value(.versionPolicy, default: .latest(1))
    self.maximumBatchSize = try container.integer(.maximumBatchSize)
    self.inputs = try container.value(.input, default: [])
    self.outputs = try container.value(.output, default: [])
    self.instanceGroups = try container.value(.instanceGroups, default: [])
    self.dynamicBatching = try container.decodeIfPresent(DynamicBatching.self, forKey: .dynamicBatching)
    self.sequenceBatching = try container.decodeIfPresent(SequenceBatching.self, forKey: .sequenceBatching)
    self.ensembleSteps = try container.decodeIfPresent(Ensemble.self, forKey: .ensemble)?.step ?? []
    let policy = try container.decodeIfPresent(TransactionPolicy.self, forKey: .transactionPolicy)
    self.isDecoupled = policy?.decoupled ?? false
    let cache = try container.decodeIfPresent(ResponseCache.self, forKey: .responseCache)
    self.usesResponseCache = cache?.enable ?? false
    let parameters = try container.value(.parameters, default: [:] as [String: Parameter])
    self.parameters = parameters.mapValues(\.string_value)
  }

  /// Writes Triton's JSON.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(self.name, forKey: .name)
    try container.encode(self.platform, forKey: .platform)
    try container.encode(self.backend, forKey: .backend)
    try container.encode(self.defaultModelFilename, forKey: .defaultModelFilename)
    try container.encode(self.versionPolicy, forKey: .versionPolicy)
    try container.encode(self.maximumBatchSize, forKey: .maximumBatchSize)
    try container.encode(self.inputs, forKey: .input)
    try container.encode(self.outputs, forKey: .output)
    try container.encode(self.instanceGroups, forKey: .instanceGroups)
    try container.encodeIfPresent(self.dynamicBatching, forKey: .dynamicBatching)
    try container.encodeIfPresent(self.sequenceBatching, forKey: .sequenceBatching)
    if self.isEnsemble { try container.encode(Ensemble(step: self.ensembleSteps), forKey: .ensemble) }
    try container.encode(TransactionPolicy(decoupled: self.isDecoupled), forKey: .transactionPolicy)
    try container.encode(ResponseCache(enable: self.usesResponseCache), forKey: .responseCache)
    try container.encode(self.parameters.mapValues(Parameter.init(string_value:)), forKey: .parameters)
  }
}
