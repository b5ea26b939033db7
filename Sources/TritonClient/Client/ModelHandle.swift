// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// A model of a server, ready to be called with tensors by name.
///
/// ```swift
/// let unet = try await client.model("shapes_unet")
/// let noise = try await unet(["sample": latents, "timestep": t, "encoder_hidden_states": context])
///   .output("noise_pred")
/// ```
public struct ModelHandle: Sendable {
  /// What the model takes and gives, as it was when the handle was made.
  public let metadata: ModelMetadata

  /// The version that is asked for; `nil` leaves the choice to the server.
  public let version: String?

  private let client: InferenceServerClient

  init(metadata: ModelMetadata, version: String?, client: InferenceServerClient) {
    self.metadata = metadata
    self.version = version
    self.client = client
  }

  /// Has the model compute.
  ///
  /// - Throws: as ``InferenceServerClient/infer(_:timeout:options:)-(InferenceRequest,_,_)``.
  public func callAsFunction(
    _ inputs: NamedTensors,
    outputs: [String] = [],
    timeout: Duration? = nil
  ) async throws -> InferenceResponse {
    let request = InferenceRequest(
      model: self.metadata.name,
      version: self.version,
      inputs: inputs,
      outputs: outputs
    )
    return try await self.client.infer(request, timeout: timeout)
  }

  /// Has a model with one input and one output compute.
  ///
  /// - Throws: ``InferenceError`` with `invalidArgument` when the model has more of either; else as
  ///   ``InferenceServerClient/infer(_:timeout:options:)-(InferenceRequest,_,_)``.
  public func callAsFunction(_ input: Tensor, timeout: Duration? = nil) async throws -> Tensor {
    try await self.client.infer(self.metadata.name, input, version: self.version, timeout: timeout)
  }

  /// Has a model with one input and one output compute on plain values.
  ///
  /// - Parameters:
  ///   - elements: the input in row-major order.
  ///   - shape: sizes of its dimensions; `nil` takes the model's own shape, in which one dimension may be open.
  ///   - returning: type of the output's elements.
  ///   - timeout: time for the call; the client's if `nil`.
  /// - Returns: the output in row-major order.
  /// - Throws: as ``InferenceServerClient/infer(_:_:shape:version:returning:timeout:options:)``.
  public func callAsFunction<Input: TensorConvertible, Output: TensorConvertible>(
    _ elements: [Input],
    shape: [Int]? = nil,
    returning: Output.Type = Output.self,
    timeout: Duration? = nil
  ) async throws -> [Output] {
    try await self.client.infer(
      self.metadata.name,
      elements,
      shape: shape,
      version: self.version,
      returning: returning,
      timeout: timeout
    )
  }

  /// Has a model with one input and one output compute on rows of a batch, such as images; more rows than the
  /// model takes at once are sent in parts, one after the other.
  ///
  /// - Throws: as ``InferenceServerClient/infer(_:batch:rowShape:version:returning:timeout:options:)``.
  public func callAsFunction<Input: TensorConvertible, Output: TensorConvertible>(
    batch rows: [[Input]],
    rowShape: [Int]? = nil,
    returning: Output.Type = Output.self,
    timeout: Duration? = nil
  ) async throws -> [[Output]] {
    try await self.client.infer(
      self.metadata.name,
      batch: rows,
      rowShape: rowShape,
      version: self.version,
      returning: returning,
      timeout: timeout
    )
  }
}

extension InferenceServerClient {
  /// A model of the server, ready to be called.
  ///
  /// - Throws: ``InferenceError``; `modelNotFound` names what the server has instead.
  public func model(_ name: String, version: String? = nil) async throws -> ModelHandle {
    ModelHandle(
      metadata: try await self.modelMetadata(name, version: version),
      version: version,
      client: self
    )
  }
}
