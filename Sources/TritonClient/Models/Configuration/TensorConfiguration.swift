// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import InferenceProtos

extension ModelConfiguration {
  /// An input or an output.
  public struct TensorConfiguration: Sendable, Hashable {
    /// Name of the tensor.
    public let name: String

    /// Type of its elements.
    public let dataType: DataType

    /// Sizes of its dimensions without the batch; -1 for any size.
    public let dimensions: [Int]

    /// The shape that the model itself sees, where the server changes it; `nil` where it does not.
    public let reshape: [Int]?

    /// Whether a request may leave it out.
    public let isOptional: Bool

    /// Whether its values are a shape: then it has no batch dimension.
    public let isShapeTensor: Bool

    /// Whether requests of different shapes may be joined to one batch.
    public let allowsRaggedBatch: Bool

    /// File in the model's folder with a label for each element, for classifications; empty if there is none.
    public let labelFilename: String

    init(_ input: Inference_ModelInput) throws {
      self.name = input.name
      self.dataType = try DataType(input.dataType, of: input.name)
      self.dimensions = input.dims.map(Int.init)
      self.reshape = input.hasReshape ? input.reshape.shape.map(Int.init) : nil
      self.isOptional = input.optional
      self.isShapeTensor = input.isShapeTensor
      self.allowsRaggedBatch = input.allowRaggedBatch
      self.labelFilename = ""
    }

    init(_ output: Inference_ModelOutput) throws {
      self.name = output.name
      self.dataType = try DataType(output.dataType, of: output.name)
      self.dimensions = output.dims.map(Int.init)
      self.reshape = output.hasReshape ? output.reshape.shape.map(Int.init) : nil
      self.isOptional = false
      self.isShapeTensor = output.isShapeTensor
      self.allowsRaggedBatch = false
      self.labelFilename = output.labelFilename
    }
  }
}

extension ModelConfiguration.TensorConfiguration: Codable {
  private enum CodingKeys: String, CodingKey {
    case name, reshape
    case dataType = "data_type"
    case dimensions = "dims"
    case isOptional = "optional"
    case isShapeTensor = "is_shape_tensor"
    case allowsRaggedBatch = "allow_ragged_batch"
    case labelFilename = "label_filename"
  }

  private enum ReshapeKeys: String, CodingKey {
    case shape
  }

  /// Reads Triton's JSON.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.name = try container.decode(String.self, forKey: .name)
    self.dataType = try container.decode(DataType.self, forKey: .dataType)
    self.dimensions = try container.integers(.dimensions)
    self.reshape =
      container.contains(.reshape)
      ? try container.nestedContainer(keyedBy: ReshapeKeys.self, forKey: .reshape).integers(.shape) : nil
    self.isOptional = try container.value(.isOptional, default: false)
    self.isShapeTensor = try container.value(.isShapeTensor, default: false)
    self.allowsRaggedBatch = try container.value(.allowsRaggedBatch, default: false)
    self.labelFilename = try container.value(.labelFilename, default: "")
  }

  /// Writes Triton's JSON.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(self.name, forKey: .name)
    try container.encode(self.dataType.configurationName, forKey: .dataType)
    try container.encode(self.dimensions, forKey: .dimensions)
    if let reshape = self.reshape {
      var nested = container.nestedContainer(keyedBy: ReshapeKeys.self, forKey: .reshape)
      try nested.encode(reshape, forKey: .shape)
    }
    if self.isOptional { try container.encode(true, forKey: .isOptional) }
    if self.isShapeTensor { try container.encode(true, forKey: .isShapeTensor) }
    if self.allowsRaggedBatch { try container.encode(true, forKey: .allowsRaggedBatch) }
    if !self.labelFilename.isEmpty { try container.encode(self.labelFilename, forKey: .labelFilename) }
  }
}

extension DataType {
  /// The type that a model configuration names by number.
  init(_ type: Inference_DataType, of tensor: String) throws {
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
    case .typeInvalid, .UNRECOGNIZED:
      throw InferenceError(
        code: .malformedResponse,
        message: "the tensor \"\(tensor)\" has the unknown data type \(type.rawValue)"
      )
    }
  }

  /// The name that model configurations use.
  var configurationName: String {
    self == .bytes ? "TYPE_STRING" : "TYPE_\(self.name)"
  }
}
