// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// What a model takes and gives, and whether a request fits it.
package struct ModelSignature: Sendable, Hashable {
  package struct Input: Sendable, Hashable {
    package let tensor: TensorMetadata
    package let isOptional: Bool

    package init(tensor: TensorMetadata, isOptional: Bool) {
      self.tensor = tensor
      self.isOptional = isOptional
    }
  }

  package let inputs: [Input]
  package let outputs: [TensorMetadata]

  /// Largest batch, the first dimension of every input; 0 if the model has no batch dimension.
  package let maximumBatchSize: Int

  /// Why a request does not fit.
  package struct Problem: Sendable, Hashable {
    package let code: InferenceError.Code
    package let message: String
  }

  package init(inputs: [Input], outputs: [TensorMetadata], maximumBatchSize: Int) {
    self.inputs = inputs
    self.outputs = outputs
    self.maximumBatchSize = maximumBatchSize
  }

  /// Without a configuration every input is required.
  package init(metadata: ModelMetadata, configuration: ModelConfiguration?) {
    let optional = Set(configuration?.inputs.filter(\.isOptional).map(\.name) ?? [])
    self.init(
      inputs: metadata.inputs.map { Input(tensor: $0, isOptional: optional.contains($0.name)) },
      outputs: metadata.outputs,
      maximumBatchSize: configuration?.maximumBatchSize ?? 0
    )
  }

  /// Everything that is wrong with a request, in the order of its inputs; empty when it fits.
  package func problems(with request: InferenceRequest) -> [Problem] {
    let known = request.inputs.flatMap { name, tensor in
      self.problems(withInput: name, tensor)
    }
    let missing = self.inputs.filter { !$0.isOptional && request.inputs[$0.tensor.name] == nil }
      .map { Problem(code: .invalidArgument, message: "the input \"\($0.tensor.name)\" is missing") }
    let outputNames = self.outputs.map(\.name)
    let unknownOutputs = request.outputs.filter { !outputNames.contains($0) }.map { name in
      Problem(code: .invalidArgument, message: "the model has no output \"\(name)\"")
    }
    return known + missing + self.batchProblems(with: request) + unknownOutputs
  }

  private func problems(withInput name: String, _ tensor: Tensor) -> [Problem] {
    guard let expected = self.inputs.first(where: { $0.tensor.name == name })?.tensor else {
      return [Problem(code: .invalidArgument, message: "the model has no input \"\(name)\"")]
    }
    guard expected.dataType == tensor.dataType else {
      return [
        Problem(
          code: .typeMismatch,
          message: "the input \"\(name)\" is \(tensor.dataType) instead of \(expected.dataType)"
        )
      ]
    }
    guard TensorShape.matches(tensor.shape, pattern: expected.shape) else {
      return [
        Problem(
          code: .invalidArgument,
          message: "the input \"\(name)\" has the shape \(tensor.shape) instead of \(expected.shape)"
        )
      ]
    }
    return []
  }

  private func batchProblems(with request: InferenceRequest) -> [Problem] {
    guard self.maximumBatchSize > 0 else { return [] }
    let sizes = request.inputs.compactMap { name, tensor in tensor.shape.first.map { (name, $0) } }
    guard let first = sizes.first else { return [] }
    if let other = sizes.first(where: { $0.1 != first.1 }) {
      return [
        Problem(
          code: .invalidArgument,
          message: """
            the inputs \"\(first.0)\" and \"\(other.0)\" have batches of \(first.1) and \(other.1): \
            their first dimensions must be equal
            """
        )
      ]
    }
    guard first.1 > self.maximumBatchSize else { return [] }
    return [
      Problem(
        code: .invalidArgument,
        message: """
          a batch of \(first.1) is larger than the model's largest, \(self.maximumBatchSize): \
          send it in parts
          """
      )
    ]
  }
}

extension ModelSignature: CustomStringConvertible {
  package var description: String {
    let inputs = self.inputs.map { "\($0.tensor)" + ($0.isOptional ? " (optional)" : "") }
    let outputs = self.outputs.map(\.description)
    return "\(inputs.joined(separator: ", ")) and gives \(outputs.joined(separator: ", "))"
  }
}
