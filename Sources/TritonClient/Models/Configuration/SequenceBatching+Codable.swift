// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

extension ModelConfiguration.SequenceBatching: Codable {
  private enum CodingKeys: String, CodingKey {
    case direct, oldest
    case maximumIdleTime = "max_sequence_idle_microseconds"
    case controlInputs = "control_input"
    case states = "state"
    case isIterative = "iterative_sequence"
  }

  private enum StrategyKeys: String, CodingKey {
    case maximumQueueDelay = "max_queue_delay_microseconds"
    case minimumSlotUtilization = "minimum_slot_utilization"
    case maximumCandidateSequences = "max_candidate_sequences"
    case preferredBatchSizes = "preferred_batch_size"
  }

  /// Reads Triton's JSON.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    if container.contains(.oldest) {
      let oldest = try container.nestedContainer(keyedBy: StrategyKeys.self, forKey: .oldest)
      self.strategy = .oldest(
        maximumCandidateSequences: try oldest.integer(.maximumCandidateSequences),
        preferredBatchSizes: try oldest.integers(.preferredBatchSizes),
        maximumQueueDelay: try oldest.microseconds(.maximumQueueDelay)
      )
    } else if container.contains(.direct) {
      let direct = try container.nestedContainer(keyedBy: StrategyKeys.self, forKey: .direct)
      self.strategy = .direct(
        maximumQueueDelay: try direct.microseconds(.maximumQueueDelay),
        minimumSlotUtilization: try direct.value(.minimumSlotUtilization, default: 0)
      )
    } else {
      self.strategy = .direct(maximumQueueDelay: .zero, minimumSlotUtilization: 0)
    }
    self.maximumIdleTime = try container.microseconds(.maximumIdleTime)
    self.controlInputs = try container.value(.controlInputs, default: [])
    self.states = try container.value(.states, default: [])
    self.isIterative = try container.value(.isIterative, default: false)
  }

  /// Writes Triton's JSON.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self.strategy {
    case .direct(let maximumQueueDelay, let minimumSlotUtilization):
      var direct = container.nestedContainer(keyedBy: StrategyKeys.self, forKey: .direct)
      try direct.encode(maximumQueueDelay.microseconds, forKey: .maximumQueueDelay)
      try direct.encode(minimumSlotUtilization, forKey: .minimumSlotUtilization)
    case .oldest(let maximumCandidateSequences, let preferredBatchSizes, let maximumQueueDelay):
      var oldest = container.nestedContainer(keyedBy: StrategyKeys.self, forKey: .oldest)
      try oldest.encode(maximumCandidateSequences, forKey: .maximumCandidateSequences)
      try oldest.encode(preferredBatchSizes, forKey: .preferredBatchSizes)
      try oldest.encode(maximumQueueDelay.microseconds, forKey: .maximumQueueDelay)
    }
    try container.encode(self.maximumIdleTime.microseconds, forKey: .maximumIdleTime)
    try container.encode(self.controlInputs, forKey: .controlInputs)
    try container.encode(self.states, forKey: .states)
    try container.encode(self.isIterative, forKey: .isIterative)
  }
}

extension ModelConfiguration.SequenceBatching.ControlInput: Codable {
  private enum CodingKeys: String, CodingKey {
    case name
    case controls = "control"
  }

  private struct Control: Codable {
    var kind: String?
  }

  /// Reads Triton's JSON.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.name = try container.decode(String.self, forKey: .name)
    let controls = try container.value(.controls, default: [] as [Control])
    self.kinds = controls.map { $0.kind ?? "CONTROL_SEQUENCE_START" }
  }

  /// Writes Triton's JSON.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(self.name, forKey: .name)
    try container.encode(self.kinds.map(Control.init(kind:)), forKey: .controls)
  }
}

extension ModelConfiguration.SequenceBatching.State: Codable {
  private enum CodingKeys: String, CodingKey {
    case inputName = "input_name"
    case outputName = "output_name"
    case dataType = "data_type"
    case dimensions = "dims"
  }

  /// Reads Triton's JSON.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.inputName = try container.decode(String.self, forKey: .inputName)
    self.outputName = try container.decode(String.self, forKey: .outputName)
    self.dataType = try container.decode(DataType.self, forKey: .dataType)
    self.dimensions = try container.integers(.dimensions)
  }

  /// Writes Triton's JSON.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(self.inputName, forKey: .inputName)
    try container.encode(self.outputName, forKey: .outputName)
    try container.encode(self.dataType.configurationName, forKey: .dataType)
    try container.encode(self.dimensions, forKey: .dimensions)
  }
}
