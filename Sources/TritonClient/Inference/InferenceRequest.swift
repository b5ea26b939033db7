// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// What a model is to compute.
public struct InferenceRequest: Sendable {
  /// Name of the model.
  public var model: String

  /// Version of the model; `nil` leaves the choice to the server.
  public var version: String?

  /// Identifier that the server repeats in its answer and its log; may be empty.
  public var id: String

  /// The input tensors by name.
  public var inputs: NamedTensors

  /// Names of the outputs wanted; empty for all of them.
  public var outputs: [String]

  /// Outputs that are wanted as their largest values, with the number of values: such an output is BYTES, each
  /// element "value:index" or "value:index:label".
  public var classifications: [String: Int] = [:]

  /// Place in the server's queue: 1 is the highest priority, `nil` leaves it to the model.
  public var priority: UInt64?

  /// How long the request may wait in the server's queue, in whole microseconds; counts for models whose
  /// batching allows it. The call's own timeout is another one.
  public var queueTimeout: Duration?

  /// The sequence that the request belongs to.
  public var sequence: SequenceMembership?

  /// Values for the model beside its tensors. Names that Triton keeps for itself are refused.
  public var parameters: [String: InferenceParameter] = [:]

  /// A request to a model.
  public init(
    model: String,
    version: String? = nil,
    id: String = "",
    inputs: NamedTensors = [:],
    outputs: [String] = []
  ) {
    self.model = model
    self.version = version
    self.id = id
    self.inputs = inputs
    self.outputs = outputs
  }

  /// Whether there is anything that is written as a parameter of the request.
  var hasParameters: Bool {
    !self.parameters.isEmpty || self.priority != nil || self.queueTimeout != nil || self.sequence != nil
  }

  /// Whether sending it twice is the same as sending it once.
  var isIdempotent: Bool { self.sequence == nil }
}
