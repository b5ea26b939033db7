// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

public import Foundation
import InferenceProtos

/// What a server counted for one version of a model since it was loaded. Its JSON is Triton's
/// (`/v2/models/NAME/stats`).
public struct ModelStatistics: Sendable, Hashable {
  /// How often something happened, and how long it took altogether.
  public struct Tally: Sendable, Hashable {
    /// Number of times.
    public let count: Int

    /// Time of all of them together.
    public let total: Duration

    /// Time of one on average; zero if it never happened.
    public var average: Duration {
      self.count == 0 ? .zero : self.total / self.count
    }

    /// So often and so long.
    init(count: Int, total: Duration) {
      self.count = count
      self.total = total
    }

    init(_ duration: Inference_StatisticDuration) {
      self.init(count: Int(clamping: duration.count), total: .nanoseconds(Int64(clamping: duration.ns)))
    }
  }

  /// What was counted of the runs with one size of the batch.
  public struct Batch: Sendable, Hashable {
    /// Size of the batch.
    public let size: Int

    /// Time spent preparing the inputs.
    public let computeInput: Tally

    /// Time spent in the model itself.
    public let computeInference: Tally

    /// Time spent preparing the outputs.
    public let computeOutput: Tally
  }

  /// Name of the model.
  public let name: String

  /// Version of the model.
  public let version: String

  /// When the last request came; `nil` if none ever did.
  public let lastInference: Date?

  /// Inferences made; a request with a batch of n counts n times.
  public let inferenceCount: Int

  /// Runs of the model; one run may serve a batch of several requests.
  public let executionCount: Int

  /// Requests that were answered, from their arrival to the answer.
  public let success: Tally

  /// Requests that failed.
  public let failure: Tally

  /// Time spent waiting in the queue.
  public let queue: Tally

  /// Time spent preparing the inputs.
  public let computeInput: Tally

  /// Time spent in the model itself.
  public let computeInference: Tally

  /// Time spent preparing the outputs.
  public let computeOutput: Tally

  /// Requests answered from the server's response cache.
  public let cacheHit: Tally

  /// Requests that the response cache was asked for in vain.
  public let cacheMiss: Tally

  /// The runs by the size of their batch, the smallest first.
  public let batches: [Batch]

  /// Inferences in one run on average; 0 if there was none.
  public var averageBatchSize: Double {
    self.executionCount == 0 ? 0 : Double(self.inferenceCount) / Double(self.executionCount)
  }

  init(_ statistics: Inference_ModelStatistics) {
    let inference = statistics.inferenceStats
    self.name = statistics.name
    self.version = statistics.version
    self.lastInference = ModelStatistics.date(milliseconds: Int(clamping: statistics.lastInference))
    self.inferenceCount = Int(clamping: statistics.inferenceCount)
    self.executionCount = Int(clamping: statistics.executionCount)
    self.success = Tally(inference.success)
    self.failure = Tally(inference.fail)
    self.queue = Tally(inference.queue)
    self.computeInput = Tally(inference.computeInput)
    self.computeInference = Tally(inference.computeInfer)
    self.computeOutput = Tally(inference.computeOutput)
    self.cacheHit = Tally(inference.cacheHit)
    self.cacheMiss = Tally(inference.cacheMiss)
    self.batches = statistics.batchStats
      .map { batch in
        Batch(
          size: Int(clamping: batch.batchSize),
          computeInput: Tally(batch.computeInput),
          computeInference: Tally(batch.computeInfer),
          computeOutput: Tally(batch.computeOutput)
        )
      }
      .sorted { $0.size < $1.size }
  }

  private static func date(milliseconds: Int) -> Date? {
    milliseconds == 0 ? nil : Date(timeIntervalSince1970: Double(milliseconds) / 1_000)
  }
}

extension ModelStatistics {
  /// What was counted since an earlier state of the same model and version.
  ///
  /// Where the later counters are smaller, the model was loaded again in between: the result is what was counted
  /// since then.
  public func difference(since earlier: ModelStatistics) -> ModelStatistics {
    let isReset =
      self.inferenceCount < earlier.inferenceCount || self.success.count < earlier.success.count
      || self.failure.count < earlier.failure.count
    return isReset ? self : ModelStatistics(self, since: earlier)
  }

  private init(_ later: ModelStatistics, since earlier: ModelStatistics) {
    self.name = later.name
    self.version = later.version
    self.lastInference = later.lastInference
    self.inferenceCount = later.inferenceCount - earlier.inferenceCount
    self.executionCount = later.executionCount - earlier.executionCount
    self.success = later.success - earlier.success
    self.failure = later.failure - earlier.failure
    self.queue = later.queue - earlier.queue
    self.computeInput = later.computeInput - earlier.computeInput
    self.computeInference = later.computeInference - earlier.computeInference
    self.computeOutput = later.computeOutput - earlier.computeOutput
    self.cacheHit = later.cacheHit - earlier.cacheHit
    self.cacheMiss = later.cacheMiss - earlier.cacheMiss
    let former = Dictionary(earlier.batches.map { ($0.size, $0) }, uniquingKeysWith: { first, _ in first })
    self.batches = later.batches.map { batch in
      guard let former = former[batch.size] else { return batch }
      return Batch(
        size: batch.size,
        computeInput: batch.computeInput - former.computeInput,
        computeInference: batch.computeInference - former.computeInference,
        computeOutput: batch.computeOutput - former.computeOutput
      )
    }
  }
}

extension ModelStatistics.Tally {
  fileprivate static func - (later: Self, earlier: Self) -> Self {
    Self(count: later.count - earlier.count, total: later.total - earlier.total)
  }
}

extension ModelStatistics: Codable {
  private enum CodingKeys: String, CodingKey {
    case name, version
    case lastInference = "last_inference"
    case inferenceCount = "inference_count"
    case executionCount = "execution_count"
    case inference = "inference_stats"
    case batches = "batch_stats"
  }

  private struct Inference: Codable {
    var success: Tally?
    var fail: Tally?
    var queue: Tally?
    var compute_input: Tally?
    var compute_infer: Tally?
    var compute_output: Tally?
    var cache_hit: Tally?
    var cache_miss: Tally?
  }

  /// Reads Triton's JSON.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let none = Tally(count: 0, total: .zero)
    self.name = try container.decode(String.self, forKey: .name)
    self.version = try container.value(.version, default: "")
    self.lastInference = ModelStatistics.date(milliseconds: try container.integer(.lastInference))
    self.inferenceCount = try container.integer(.inferenceCount)
    self.executionCount = try container.integer(.executionCount)
    let inference = try container.decodeIfPresent(Inference.self, forKey: .inference)
    self.success = inference?.success ?? none
    self.failure = inference?.fail ?? none
    self.queue = inference?.queue ?? none
    self.computeInput = inference?.compute_input ?? none
    self.computeInference = inference?.compute_infer ?? none
    self.computeOutput = inference?.compute_output ?? none
    self.cacheHit = inference?.cache_hit ?? none
    self.cacheMiss = inference?.cache_miss ?? none
    self.batches = try container.value(.batches, default: [] as [Batch]).sorted { $0.size < $1.size }
  }

  /// Writes Triton's JSON.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(self.name, forKey: .name)
    try container.encode(self.version, forKey: .version)
    let lastInference = self.lastInference.map { Int(($0.timeIntervalSince1970 * 1_000).rounded()) }
    try container.encode(lastInference ?? 0, forKey: .lastInference)
    try container.encode(self.inferenceCount, forKey: .inferenceCount)
    try container.encode(self.executionCount, forKey: .executionCount)
    let inference = Inference(
      success: self.success,
      fail: self.failure,
      queue: self.queue,
      compute_input: self.computeInput,
      compute_infer: self.computeInference,
      compute_output: self.computeOutput,
      cache_hit: self.cacheHit,
      cache_miss: self.cacheMiss
    )
    try container.encode(inference, forKey: .inference)
    try container.encode(self.batches, forKey: .batches)
  }
}

extension ModelStatistics.Tally: Codable {
  private enum CodingKeys: String, CodingKey {
    case count
    case total = "ns"
  }

  /// Reads Triton's JSON.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(count: try container.integer(.count), total: try container.nanoseconds(.total))
  }

  /// Writes Triton's JSON.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(self.count, forKey: .count)
    try container.encode(self.total.nanoseconds, forKey: .total)
  }
}

extension ModelStatistics.Batch: Codable {
  private enum CodingKeys: String, CodingKey {
    case size = "batch_size"
    case computeInput = "compute_input"
    case computeInference = "compute_infer"
    case computeOutput = "compute_output"
  }
}
