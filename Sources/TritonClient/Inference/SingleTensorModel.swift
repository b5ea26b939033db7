// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// A model with one input and one output, seen as a function from array to array.
package struct SingleTensorModel: Sendable {
  package let input: TensorMetadata
  package let output: TensorMetadata

  /// Largest batch; 0 if that is not known or there is no batch dimension.
  package let maximumBatchSize: Int

  private let model: String

  /// Throws ``InferenceError`` with `invalidArgument` for a model that needs more inputs than one or gives more
  /// outputs. Optional inputs beside a required one stay out.
  package init(_ signature: ModelSignature) throws {
    let required = signature.inputs.filter { !$0.isOptional }
    let candidates = required.isEmpty ? signature.inputs : required
    guard candidates.count == 1, let input = candidates.first, signature.outputs.count == 1,
      let output = signature.outputs.first
    else {
      throw InferenceError(
        code: .invalidArgument,
        message: """
          the model has \(candidates.count) inputs and \(signature.outputs.count) outputs: \
          call it with tensors by name; it expects \(signature)
          """,
        model: signature.model
      )
    }
    self.input = input.tensor
    self.output = output
    self.maximumBatchSize = signature.maximumBatchSize
    self.model = signature.model
  }

  /// The shape of an input with a number of elements: the model's own, whose open dimension follows from the
  /// number.
  package func shape(ofElements count: Int) throws -> [Int] {
    try self.shape(ofElements: count, pattern: self.input.shape)
  }

  /// The shape of one row of a batch.
  package func rowShape(ofElements count: Int) throws -> [Int] {
    guard self.input.shape.first == -1 else {
      throw self.refusal("the model has no batch dimension: its input is \(self.input)")
    }
    return try self.shape(ofElements: count, pattern: Array(self.input.shape.dropFirst()))
  }

  /// A batch cut into as few as the model takes.
  package func parts<Row>(of rows: [Row]) -> [ArraySlice<Row>] {
    let size = self.maximumBatchSize > 0 ? self.maximumBatchSize : max(rows.count, 1)
    return stride(from: 0, to: rows.count, by: size).map { rows[$0..<min($0 + size, rows.count)] }
  }

  private func shape(ofElements count: Int, pattern: [Int]) throws -> [Int] {
    let open = pattern.count { $0 == -1 }
    let known = try TensorShape.elementCount(pattern.filter { $0 != -1 })
    switch open {
    case 0 where known == count:
      return pattern
    case 1 where known > 0 && count % known == 0:
      return pattern.map { $0 == -1 ? count / known : $0 }
    case 0, 1:
      throw self.refusal("\(count) elements do not fit the shape \(pattern) of the input \(self.input)")
    default:
      throw self.refusal(
        "the input \(self.input) leaves \(open) dimensions open: say which shape the elements have"
      )
    }
  }

  private func refusal(_ message: String) -> InferenceError {
    InferenceError(code: .invalidArgument, message: message, model: self.model)
  }
}
