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

  /// Name of the model; empty where it does not matter.
  package let model: String

  package let inputs: [Input]
  package let outputs: [TensorMetadata]

  /// Largest batch, the first dimension of every input; 0 if the model has no batch dimension.
  package let maximumBatchSize: Int

  /// Whether each request must belong to a sequence.
  package let needsSequence: Bool

  /// How the server joins requests to batches, if it does.
  package let dynamicBatching: ModelConfiguration.DynamicBatching?

  /// The model's version, where the server has just one.
  package let onlyVersion: String?

  /// Why a request does not fit.
  package struct Problem: Sendable, Hashable {
    package let code: InferenceError.Code
    package let message: String
  }

  package init(
    model: String = "",
    inputs: [Input],
    outputs: [TensorMetadata],
    maximumBatchSize: Int,
    needsSequence: Bool = false,
    dynamicBatching: ModelConfiguration.DynamicBatching? = nil,
    onlyVersion: String? = nil
  ) {
    self.model = model
    self.inputs = inputs
    self.outputs = outputs
    self.maximumBatchSize = maximumBatchSize
    self.needsSequence = needsSequence
    self.dynamicBatching = dynamicBatching
    self.onlyVersion = onlyVersion
  }

  /// Without a configuration every input is required.
  package init(metadata: ModelMetadata, configuration: ModelConfiguration?) {
    let optional = Set(configuration?.inputs.filter(\.isOptional).map(\.name) ?? [])
    self.init(
      model: metadata.name,
      inputs: metadata.inputs.map { Input(tensor: $0, isOptional: optional.contains($0.name)) },
      outputs: metadata.outputs,
      maximumBatchSize: configuration?.maximumBatchSize ?? 0,
      needsSequence: configuration?.sequenceBatching != nil,
      dynamicBatching: configuration?.dynamicBatching,
      onlyVersion: metadata.versions.count == 1 ? metadata.versions.first : nil
    )
  }

  /// Everything that is wrong with a request, in the order of its inputs; empty, without an allocation, when it
  /// fits.
  package func problems(with request: InferenceRequest) -> [Problem] {
    var problems: [Problem] = []
    for (name, tensor) in request.inputs {
      if let problem = self.problem(withInput: name, tensor) { problems.append(problem) }
    }
    for input in self.inputs where !input.isOptional && request.inputs[input.tensor.name] == nil {
      problems.append(Problem(message: "the input \"\(input.tensor.name)\" is missing"))
    }
    if let problem = self.batchProblem(with: request) { problems.append(problem) }
    for name in request.outputs where !self.hasOutput(name) {
      problems.append(Problem(message: "the model has no output \"\(name)\""))
    }
    for name in request.classifications.keys.sorted()
    where !self.hasOutput(name) && !request.outputs.contains(name) {
      problems.append(Problem(message: "the model has no output \"\(name)\" to classify"))
    }
    if self.needsSequence, request.sequence == nil {
      problems.append(
        Problem(message: "the model keeps state: set the request's sequence to say which one it belongs to")
      )
    }
    return problems
  }

  /// The error that names all problems and what the model expects; `nil` for a request without problems.
  package func refusal(of request: InferenceRequest, endpoint: String? = nil) -> InferenceError? {
    let problems = self.problems(with: request)
    guard !problems.isEmpty else { return nil }
    return InferenceError(
      code: problems.allSatisfy { $0.code == .typeMismatch } ? .typeMismatch : .invalidArgument,
      message: "\(problems.map(\.message).joined(separator: "; ")); the model expects \(self)",
      model: request.model,
      endpoint: endpoint
    )
  }

  /// How the time that a call has left limits the request's wait in the model's queue; `nil` where the request says it
  /// itself, or the model does not let it.
  package func queueLimit(of request: InferenceRequest) -> QueueLimit? {
    guard let batching = self.dynamicBatching, request.queueTimeout == nil else { return nil }
    let priority = request.priority.map { Int(clamping: $0) } ?? 0
    let policy =
      batching.queuePolicies[priority == 0 ? batching.defaultPriority : priority]
      ?? batching.defaultQueuePolicy
    guard let policy, policy.allowsTimeoutOverride else { return nil }
    return QueueLimit(ownTimeout: policy.defaultTimeout == .zero ? nil : policy.defaultTimeout)
  }

  private func hasOutput(_ name: String) -> Bool {
    self.outputs.contains { $0.name == name }
  }

  private func problem(withInput name: String, _ tensor: Tensor) -> Problem? {
    guard let expected = self.inputs.first(where: { $0.tensor.name == name })?.tensor else {
      return Problem(message: "the model has no input \"\(name)\"")
    }
    guard expected.dataType == tensor.dataType else {
      return Problem(
        code: .typeMismatch,
        message: "the input \"\(name)\" is \(tensor.dataType) instead of \(expected.dataType)"
      )
    }
    guard TensorShape.matches(tensor.shape, pattern: expected.shape) else {
      return Problem(
        message: "the input \"\(name)\" has the shape \(tensor.shape) instead of \(expected.shape)"
      )
    }
    return nil
  }

  private func batchProblem(with request: InferenceRequest) -> Problem? {
    guard self.maximumBatchSize > 0 else { return nil }
    var first: (name: String, size: Int)?
    for (name, tensor) in request.inputs {
      guard let size = tensor.shape.first else { continue }
      guard let known = first else {
        first = (name, size)
        continue
      }
      guard known.size != size else { continue }
      return Problem(
        message: """
          the inputs \"\(known.name)\" and \"\(name)\" have batches of \(known.size) and \(size): \
          their first dimensions must be equal
          """
      )
    }
    guard let first, first.size > self.maximumBatchSize else { return nil }
    return Problem(
      message: """
        a batch of \(first.size) is larger than the model's largest, \(self.maximumBatchSize): \
        send it in parts
        """
    )
  }
}

extension ModelSignature.Problem {
  fileprivate init(message: String) {
    self.init(code: .invalidArgument, message: message)
  }
}

extension ModelSignature: CustomStringConvertible {
  package var description: String {
    let inputs = self.inputs.map { "\($0.tensor)" + ($0.isOptional ? " (optional)" : "") }
    let outputs = self.outputs.map(\.description)
    return "\(inputs.joined(separator: ", ")) and gives \(outputs.joined(separator: ", "))"
  }
}
