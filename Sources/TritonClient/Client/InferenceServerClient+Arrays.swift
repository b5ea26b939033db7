// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// Models with one input and one output, called with plain arrays.
extension InferenceServerClient {
  /// Has a model with one input and one output compute on plain values.
  ///
  /// ```swift
  /// let identifiers: [Int64] = …
  /// let scores: [Float] = try await client.infer("ranker", identifiers)
  /// ```
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - elements: the input in row-major order.
  ///   - shape: sizes of its dimensions; `nil` takes the model's own shape, in which one dimension may be open:
  ///     its size follows from the number of elements.
  ///   - version: one version of the model; `nil` for the one that the server would choose.
  ///   - returning: type of the output's elements.
  ///   - timeout: time for the call; the client's if `nil`.
  ///   - options: what else this call does differently.
  /// - Returns: the output in row-major order.
  /// - Throws: ``InferenceError``: `invalidArgument` when the model has more inputs or outputs or the elements do
  ///   not fit the shape, `typeMismatch` when the types of the elements are not the tensors'; else as
  ///   ``infer(_:timeout:options:)-(InferenceRequest,_,_)``.
  public func infer<Input: TensorConvertible, Output: TensorConvertible>(
    _ model: String,
    _ elements: [Input],
    shape: [Int]? = nil,
    version: String? = nil,
    returning: Output.Type = Output.self,
    timeout: Duration? = nil,
    options: CallOptions = .defaults
  ) async throws -> [Output] {
    let function = try await self.singleTensorModel(model, version: version, options: options)
    let shape = try shape ?? function.shape(ofElements: elements.count)
    let input = try Input.tensor(elements, shape: shape, dataType: function.input.dataType)
    let output = try await self.infer(
      function,
      input,
      model: model,
      version: version,
      timeout: timeout,
      options: options
    )
    return try Output.elements(of: output)
  }

  /// Has a model with one input and one output compute on plain values of one type; otherwise as the method for
  /// two types.
  ///
  /// ```swift
  /// let answer: [Float] = try await client.infer("model", [1, 2, 3])
  /// ```
  public func infer<Element: TensorConvertible>(
    _ model: String,
    _ elements: [Element],
    shape: [Int]? = nil,
    version: String? = nil,
    timeout: Duration? = nil,
    options: CallOptions = .defaults
  ) async throws -> [Element] {
    try await self.infer(
      model,
      elements,
      shape: shape,
      version: version,
      returning: Element.self,
      timeout: timeout,
      options: options
    )
  }

  /// Has a model with one input and one output compute on rows of a batch, such as images.
  ///
  /// More rows than the model takes at once are sent in parts, one after the other.
  ///
  /// - Parameters:
  ///   - model: the model; its first dimension is the batch.
  ///   - rows: for each row its elements in row-major order, equally many in each. Without rows the server is not
  ///     asked.
  ///   - rowShape: sizes of the dimensions of one row; `nil` takes the model's own shape, in which one dimension
  ///     besides the batch may be open.
  ///   - version: one version of the model; `nil` for the one that the server would choose.
  ///   - returning: type of the output's elements.
  ///   - timeout: time for each part; the client's if `nil`.
  ///   - options: what else these calls do differently.
  /// - Returns: for each row its output.
  /// - Throws: as the method for one input; `malformedResponse` when the output is no batch of as many rows.
  public func infer<Input: TensorConvertible, Output: TensorConvertible>(
    _ model: String,
    batch rows: [[Input]],
    rowShape: [Int]? = nil,
    version: String? = nil,
    returning: Output.Type = Output.self,
    timeout: Duration? = nil,
    options: CallOptions = .defaults
  ) async throws -> [[Output]] {
    guard let first = rows.first else { return [] }
    if let index = rows.firstIndex(where: { $0.count != first.count }) {
      throw InferenceError(
        code: .invalidArgument,
        message:
          "row \(index) has \(rows[index].count) elements, row 0 has \(first.count): rows are equally long",
        model: model,
        endpoint: self.url
      )
    }
    let function = try await self.singleTensorModel(model, version: version, options: options)
    let rowShape = try rowShape ?? function.rowShape(ofElements: first.count)
    var results: [[Output]] = []
    for part in function.parts(of: rows) {
      let input = try Input.tensor(
        Array(part.joined()),
        shape: [part.count] + rowShape,
        dataType: function.input.dataType
      )
      let output = try await self.infer(
        function,
        input,
        model: model,
        version: version,
        timeout: timeout,
        options: options
      )
      guard output.shape.first == part.count else {
        throw InferenceError(
          code: .malformedResponse,
          message: "the model answered \(part.count) rows with an output of \(output)",
          model: model,
          endpoint: self.url
        )
      }
      let elements = try Output.elements(of: output)
      let length = elements.count / part.count
      results += (0..<part.count).map { Array(elements[$0 * length..<($0 + 1) * length]) }
    }
    return results
  }

  /// Has a model with one input and one output compute on a tensor.
  ///
  /// - Throws: as the method for plain values.
  public func infer(
    _ model: String,
    _ input: Tensor,
    version: String? = nil,
    timeout: Duration? = nil,
    options: CallOptions = .defaults
  ) async throws -> Tensor {
    let function = try await self.singleTensorModel(model, version: version, options: options)
    return try await self.infer(
      function,
      input,
      model: model,
      version: version,
      timeout: timeout,
      options: options
    )
  }

  private func singleTensorModel(
    _ model: String,
    version: String?,
    options: CallOptions
  ) async throws -> SingleTensorModel {
    do {
      return try SingleTensorModel(await self.signature(of: model, version: version, options: options))
    } catch var error as InferenceError {
      error.model = error.model ?? model
      error.endpoint = error.endpoint ?? self.url
      throw error
    }
  }

  private func infer(
    _ function: SingleTensorModel,
    _ input: Tensor,
    model: String,
    version: String?,
    timeout: Duration?,
    options: CallOptions
  ) async throws -> Tensor {
    var request = InferenceRequest(model: model, version: version, outputs: [function.output.name])
    request.inputs[function.input.name] = input
    return try await self.infer(request, timeout: timeout, options: options).output(function.output.name)
  }
}
