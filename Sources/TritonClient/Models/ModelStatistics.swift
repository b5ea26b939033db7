// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import InferenceProtos

/// What a server counted for one version of a model since it was loaded.
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

    init(_ duration: Inference_StatisticDuration) {
      self.count = Int(clamping: duration.count)
      self.total = .nanoseconds(Int64(clamping: duration.ns))
    }
  }

  /// Name of the model.
  public let name: String

  /// Version of the model.
  public let version: String

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

  init(_ statistics: Inference_ModelStatistics) {
    let inference = statistics.inferenceStats
    self.name = statistics.name
    self.version = statistics.version
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
  }
}
