// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import InferenceProtos

/// A Triton model's configuration, as far as clients need it.
public struct ModelConfiguration: Sendable, Hashable {
  /// An input or an output.
  public struct TensorConfiguration: Sendable, Hashable {
    /// Name of the tensor.
    public let name: String

    /// Type of its elements.
    public let dataType: DataType

    /// Sizes of its dimensions without the batch; -1 for any size.
    public let dimensions: [Int]

    /// Whether a request may leave it out.
    public let isOptional: Bool
  }

  /// Name of the model.
  public let name: String

  /// What runs the model, in Triton's older naming; often empty.
  public let platform: String

  /// What runs the model, such as "onnxruntime".
  public let backend: String

  /// Largest batch; 0 if the tensors have no batch dimension.
  public let maximumBatchSize: Int

  /// What the model takes.
  public let inputs: [TensorConfiguration]

  /// What the model gives.
  public let outputs: [TensorConfiguration]

  /// Whether the server joins requests of several clients to one batch.
  public let usesDynamicBatching: Bool

  /// Whether one request may have none or many answers.
  public let isDecoupled: Bool

  /// The model's own settings and facts.
  public let parameters: [String: String]

  init(_ configuration: Inference_ModelConfig, endpoint: String) throws {
    self.name = configuration.name
    self.platform = configuration.platform
    self.backend = configuration.backend
    self.maximumBatchSize = Int(configuration.maxBatchSize)
    self.usesDynamicBatching =
      switch configuration.schedulingChoice {
      case .dynamicBatching: true
      default: false
      }
    self.isDecoupled = configuration.modelTransactionPolicy.decoupled
    self.parameters = configuration.parameters.mapValues(\.stringValue)

    let tensor = { (name: String, type: Inference_DataType, dimensions: [Int64], isOptional: Bool) in
      guard let dataType = DataType(type) else {
        throw InferenceError(
          code: .malformedResponse,
          message: "the tensor \"\(name)\" has the unknown data type \(type.rawValue)",
          model: configuration.name,
          endpoint: endpoint
        )
      }
      return TensorConfiguration(
        name: name,
        dataType: dataType,
        dimensions: dimensions.map(Int.init),
        isOptional: isOptional
      )
    }
    self.inputs = try configuration.input.map { try tensor($0.name, $0.dataType, $0.dims, $0.optional) }
    self.outputs = try configuration.output.map { try tensor($0.name, $0.dataType, $0.dims, false) }
  }
}

extension DataType {
  /// The type that a model configuration names by number.
  fileprivate init?(_ type: Inference_DataType) {
    switch type {
    case .typeBool: self = .bool
    case .typeUint8: self = .uint8
    case .typeUint16: self = .uint16
    case .typeUint32: self = .uint32
    case .typeUint64: self = .uint64
    case .typeInt8: self = .int8
    case .typeInt16: self = .int16
    case .typeInt32: self = .int32
    case .typeInt64: self = .int64
    case .typeFp16: self = .fp16
    case .typeFp32: self = .fp32
    case .typeFp64: self = .fp64
    case .typeBf16: self = .bf16
    case .typeString: self = .bytes
    case .typeInvalid, .UNRECOGNIZED: return nil
    }
  }
}
