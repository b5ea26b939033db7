// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// What a model computed.
public struct InferenceResponse: Sendable {
  /// Name of the model that answered.
  public let model: String

  /// Version of the model that answered.
  public let version: String

  /// The request's identifier.
  public let id: String

  /// The output tensors by name, in the server's order. They are views of the message that arrived, which
  /// stays in memory as long as one of them does.
  public let outputs: NamedTensors

  /// Values that the model or the server sent beside the tensors.
  public let parameters: [String: InferenceParameter]

  /// Address of the server that answered; `nil` for answers on a stream.
  public internal(set) var endpoint: String?

  /// Where the time of the call went; `nil` for answers on a stream.
  public internal(set) var timing: CallTiming?

  /// An answer, as the decoder of a transport makes it.
  package init(
    model: String,
    version: String,
    id: String,
    outputs: NamedTensors,
    parameters: [String: InferenceParameter] = [:]
  ) {
    self.model = model
    self.version = version
    self.id = id
    self.outputs = outputs
    self.parameters = parameters
  }

  /// The output with a name.
  ///
  /// - Throws: ``InferenceError`` with `notFound` when the answer has no such output.
  public func output(_ name: String) throws -> Tensor {
    guard let tensor = self.outputs[name] else {
      throw InferenceError(
        code: .notFound,
        message: """
          the answer has no output \"\(name)\"; it has \
          \(self.outputs.isEmpty ? "none" : self.outputs.names.joined(separator: ", "))
          """,
        model: self.model
      )
    }
    return tensor
  }
}
