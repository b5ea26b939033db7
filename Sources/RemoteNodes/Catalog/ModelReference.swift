// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

public import TritonClient

/// A model on the server, with what its configuration says about it.
public struct ModelReference: Sendable, Hashable {
  /// The name to ask the server for.
  public let name: String
  /// Largest batch of one request; 0 where the server does not batch for it.
  public let maximumBatchSize: Int
  /// The facts that the repository tells about it.
  public let parameters: [String: String]
  /// What it takes.
  public let inputs: [ModelConfiguration.TensorConfiguration]
  /// What it gives.
  public let outputs: [ModelConfiguration.TensorConfiguration]

  /// A model as its configuration describes it.
  public init(_ configuration: ModelConfiguration) {
    self.init(
      name: configuration.name, maximumBatchSize: configuration.maximumBatchSize,
      parameters: configuration.parameters, inputs: configuration.inputs, outputs: configuration.outputs)
  }

  init(
    name: String, maximumBatchSize: Int, parameters: [String: String],
    inputs: [ModelConfiguration.TensorConfiguration] = [],
    outputs: [ModelConfiguration.TensorConfiguration] = []
  ) {
    self.name = name
    self.maximumBatchSize = maximumBatchSize
    self.parameters = parameters
    self.inputs = inputs
    self.outputs = outputs
  }

  /// The type that an input is configured with; `usual` where the configuration is silent.
  func dataType(ofInput name: String, otherwise usual: DataType) -> DataType {
    inputs.first { $0.name == name }?.dataType ?? usual
  }

  /// Row counts of the requests that `rows` rows are split into.
  func batches(of rows: Int) -> [Range<Int>] {
    let largest = maximumBatchSize > 0 ? maximumBatchSize : max(rows, 1)
    return stride(from: 0, to: rows, by: largest).map { $0..<min($0 + largest, rows) }
  }

  /// The value of a parameter.
  ///
  /// - Throws: `GraphError` (`.invalidModel`) where the model does not carry it.
  func parameter(_ key: String) throws -> String {
    guard let value = parameters[key] else {
      throw GraphError(
        .invalidModel,
        "the model \(quoted(name)) does not say its \(quoted(key)): add that parameter to its config.pbtxt")
    }
    return value
  }

  /// The value of a parameter that is a number.
  ///
  /// - Throws: `GraphError` (`.invalidModel`) where the model does not carry it or it is no such number.
  func parameter<Number: LosslessStringConvertible>(_ key: String, as type: Number.Type) throws -> Number {
    let value = try parameter(key)
    guard let number = Number(value) else {
      throw GraphError(
        .invalidModel,
        "the parameter \(quoted(key)) of the model \(quoted(name)) should be a number, not \(quoted(value))")
    }
    return number
  }
}
