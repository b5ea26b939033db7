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
  /// - Throws: as ``InferenceServerClient/infer(_:timeout:options:)``.
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
  ///   ``InferenceServerClient/infer(_:timeout:options:)``.
  public func callAsFunction(_ input: Tensor, timeout: Duration? = nil) async throws -> Tensor {
    guard let inputName = self.metadata.inputs.only?.name, let outputName = self.metadata.outputs.only?.name
    else {
      throw InferenceError(
        code: .invalidArgument,
        message: """
          the model has \(self.metadata.inputs.count) inputs and \(self.metadata.outputs.count) outputs: \
          call it with tensors by name
          """,
        model: self.metadata.name
      )
    }
    var inputs = NamedTensors()
    inputs[inputName] = input
    return try await self(inputs, outputs: [outputName], timeout: timeout).output(outputName)
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

extension Collection {
  /// The element of a collection that has just one.
  fileprivate var only: Element? {
    self.count == 1 ? self.first : nil
  }
}
