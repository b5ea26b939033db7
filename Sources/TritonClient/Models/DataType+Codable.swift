// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

extension DataType: Codable {
  /// Reads the protocol's name, "FP32", or a model configuration's, "TYPE_FP32".
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let name = try container.decode(String.self)
    guard let dataType = DataType(name: name) else {
      throw DecodingError.dataCorruptedError(
        in: container,
        debugDescription: "\"\(name)\" is no data type of the KServe v2 protocol"
      )
    }
    self = dataType
  }

  /// Writes the protocol's name.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(self.name)
  }
}
