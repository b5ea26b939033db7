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
}
