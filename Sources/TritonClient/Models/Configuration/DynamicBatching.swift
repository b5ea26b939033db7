// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import InferenceProtos

extension ModelConfiguration {
  /// How a server joins requests of several clients to one batch.
  public struct DynamicBatching: Sendable, Hashable {
    /// Batch sizes that the server sends to the model as soon as it can make one; empty for no preference.
    public let preferredBatchSizes: [Int]

    /// Longest time that a request waits for others to make a larger batch.
    public let maximumQueueDelay: Duration

    /// Whether answers leave in the order in which the requests came.
    public let preservesOrdering: Bool

    /// Number of priorities, 1 being the highest; 0 if the model has none.
    public let priorityLevelCount: Int

    /// Priority of a request without one; 0 if the model has none.
    public let defaultPriority: Int

    /// What holds for the queue; `nil` for the server's defaults.
    public let defaultQueuePolicy: QueuePolicy?

    /// What holds for the queues of single priorities instead.
    public let queuePolicies: [Int: QueuePolicy]

    init(_ batching: Inference_ModelDynamicBatching) {
      self.preferredBatchSizes = batching.preferredBatchSize.map(Int.init)
      self.maximumQueueDelay = Duration(microseconds: batching.maxQueueDelayMicroseconds)
      self.preservesOrdering = batching.preserveOrdering
      self.priorityLevelCount = Int(clamping: batching.priorityLevels)
      self.defaultPriority = Int(clamping: batching.defaultPriorityLevel)
      self.defaultQueuePolicy =
        batching.hasDefaultQueuePolicy ? QueuePolicy(batching.defaultQueuePolicy) : nil
      self.queuePolicies = Dictionary(
        batching.priorityQueuePolicy.map { (Int(clamping: $0), QueuePolicy($1)) },
        uniquingKeysWith: { first, _ in first }
      )
    }
  }

  /// How long a queue is and what happens to requests that wait too long in it.
  public struct QueuePolicy: Sendable, Hashable {
    /// Whether a request that waited too long is kept until there is nothing else to do; otherwise it fails.
    public let delaysOnTimeout: Bool

    /// Longest wait of a request that does not say another; zero for no limit.
    public let defaultTimeout: Duration

    /// Whether a request may say how long it waits (``InferenceRequest/queueTimeout``).
    public let allowsTimeoutOverride: Bool

    /// Most requests in the queue; 0 for no limit.
    public let maximumSize: Int

    init(_ policy: Inference_ModelQueuePolicy) {
      self.delaysOnTimeout = policy.timeoutAction == .delay
      self.defaultTimeout = Duration(microseconds: policy.defaultTimeoutMicroseconds)
      self.allowsTimeoutOverride = policy.allowTimeoutOverride
      self.maximumSize = Int(policy.maxQueueSize)
    }
  }
}

extension ModelConfiguration.DynamicBatching: Codable {
  private enum CodingKeys: String, CodingKey {
    case preferredBatchSizes = "preferred_batch_size"
    case maximumQueueDelay = "max_queue_delay_microseconds"
    case preservesOrdering = "preserve_ordering"
    case priorityLevelCount = "priority_levels"
    case defaultPriority = "default_priority_level"
    case defaultQueuePolicy = "default_queue_policy"
    case queuePolicies = "priority_queue_policy"
  }

  /// Reads Triton's JSON.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.preferredBatchSizes = try container.integers(.preferredBatchSizes)
    self.maximumQueueDelay = try container.microseconds(.maximumQueueDelay)
    self.preservesOrdering = try container.value(.preservesOrdering, default: false)
    self.priorityLevelCount = try container.integer(.priorityLevelCount)
    self.defaultPriority = try container.integer(.defaultPriority)
    self.defaultQueuePolicy = try container.decodeIfPresent(
      ModelConfiguration.QueuePolicy.self,
      forKey: .defaultQueuePolicy
    )
    self.queuePolicies = try container.value(.queuePolicies, default: [:])
  }

  /// Writes Triton's JSON.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(self.preferredBatchSizes, forKey: .preferredBatchSizes)
    try container.encode(self.maximumQueueDelay.microseconds, forKey: .maximumQueueDelay)
    try container.encode(self.preservesOrdering, forKey: .preservesOrdering)
    try container.encode(self.priorityLevelCount, forKey: .priorityLevelCount)
    try container.encode(self.defaultPriority, forKey: .defaultPriority)
    try container.encodeIfPresent(self.defaultQueuePolicy, forKey: .defaultQueuePolicy)
    try container.encode(self.queuePolicies, forKey: .queuePolicies)
  }
}

extension ModelConfiguration.QueuePolicy: Codable {
  private enum CodingKeys: String, CodingKey {
    case timeoutAction = "timeout_action"
    case defaultTimeout = "default_timeout_microseconds"
    case allowsTimeoutOverride = "allow_timeout_override"
    case maximumSize = "max_queue_size"
  }

  /// Reads Triton's JSON.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.delaysOnTimeout = try container.value(.timeoutAction, default: "REJECT") == "DELAY"
    self.defaultTimeout = try container.microseconds(.defaultTimeout)
    self.allowsTimeoutOverride = try container.value(.allowsTimeoutOverride, default: false)
    self.maximumSize = try container.integer(.maximumSize)
  }

  /// Writes Triton's JSON.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(self.delaysOnTimeout ? "DELAY" : "REJECT", forKey: .timeoutAction)
    try container.encode(self.defaultTimeout.microseconds, forKey: .defaultTimeout)
    try container.encode(self.allowsTimeoutOverride, forKey: .allowsTimeoutOverride)
    try container.encode(self.maximumSize, forKey: .maximumSize)
  }
}
