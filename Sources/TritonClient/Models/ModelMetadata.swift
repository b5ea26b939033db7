// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import InferenceProtos

/// Name, type and shape of a model's input or output.
public struct TensorMetadata: Sendable, Hashable {
  /// Name of the tensor.
  public let name: String

  /// Type of its elements.
  public let dataType: DataType

  /// Sizes of its dimensions, outermost first; -1 for any size.
  public let shape: [Int]

  /// A description of a tensor.
  package init(name: String, dataType: DataType, shape: [Int]) {
    self.name = name
    self.dataType = dataType
    self.shape = shape
  }
}

/// As in the protocol's JSON.
extension TensorMetadata: Codable {
  private enum CodingKeys: String, CodingKey {
    case name, shape
    case dataType = "datatype"
  }
}

extension TensorMetadata: CustomStringConvertible {
  /// The name, the type and the shape, such as "sample FP32 [-1, 4, -1, -1]".
  public var description: String {
    "\(self.name) \(self.dataType) \(self.shape)"
  }
}

/// A model's inputs and outputs, the batch dimension included.
public struct ModelMetadata: Sendable, Hashable {
  /// Name of the model.
  public let name: String

  /// Versions that can be asked for.
  public let versions: [String]

  /// What runs the model, such as "onnxruntime_onnx".
  public let platform: String

  /// What the model takes.
  public let inputs: [TensorMetadata]

  /// What the model gives.
  public let outputs: [TensorMetadata]

  /// A description of a model.
  package init(
    name: String,
    versions: [String] = [],
    platform: String = "",
    inputs: [TensorMetadata],
    outputs: [TensorMetadata]
  ) {
    self.name = name
    self.versions = versions
    self.platform = platform
    self.inputs = inputs
    self.outputs = outputs
  }

  init(_ response: Inference_ModelMetadataResponse, endpoint: String) throws {
    self.name = response.name
    self.versions = response.versions
    self.platform = response.platform
    let tensor = { (tensor: Inference_ModelMetadataResponse.TensorMetadata) in
      guard let dataType = DataType(name: tensor.datatype) else {
        throw InferenceError(
          code: .malformedResponse,
          message: "the tensor \"\(tensor.name)\" has the unknown data type \"\(tensor.datatype)\"",
          model: response.name,
          endpoint: endpoint
        )
      }
      return TensorMetadata(name: tensor.name, dataType: dataType, shape: tensor.shape.map(Int.init))
    }
    self.inputs = try response.inputs.map(tensor)
    self.outputs = try response.outputs.map(tensor)
  }
}

/// As in the protocol's JSON (`/v2/models/NAME`).
extension ModelMetadata: Codable {
  private enum CodingKeys: String, CodingKey {
    case name, versions, platform, inputs, outputs
  }

  /// Reads the protocol's JSON; servers may leave the versions and the platform out.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.name = try container.decode(String.self, forKey: .name)
    self.versions = try container.value(.versions, default: [])
    self.platform = try container.value(.platform, default: "")
    self.inputs = try container.value(.inputs, default: [])
    self.outputs = try container.value(.outputs, default: [])
  }
}
