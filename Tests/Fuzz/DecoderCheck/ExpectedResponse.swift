// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import InferenceProtos
import TritonClient

/// What an answer means by the protocol's rules, from the message that SwiftProtobuf read.
struct ExpectedResponse {
  private struct Output {
    let name: String
    let dataType: DataType
    let shape: [Int]
    let bytes: [UInt8]
  }

  private let model: String
  private let version: String
  private let id: String
  private let parameters: [String: InferenceParameter]
  private var outputs: [Output] = []

  /// `nil` for an answer that contradicts itself.
  init?(_ response: Inference_ModelInferResponse) {
    self.model = response.modelName
    self.version = response.modelVersion
    self.id = response.id
    self.parameters = response.parameters.compactMapValues(ExpectedResponse.parameter)
    let raw = response.rawOutputContents
    guard raw.isEmpty || raw.count == response.outputs.count else { return nil }
    for (index, tensor) in response.outputs.enumerated() {
      let shape = tensor.shape.map(Int.init)
      guard let dataType = DataType(name: tensor.datatype) else { return nil }
      let contents =
        raw.isEmpty
        ? ExpectedResponse.bytes(of: tensor.contents, dataType: dataType, shape: shape) : Array(raw[index])
      let isRawFit =
        raw.isEmpty || ExpectedResponse.isFit(raw[index].count, dataType: dataType, shape: shape)
      guard let contents, isRawFit else { return nil }
      // Two outputs of one name are a contradiction too.
      guard !self.outputs.contains(where: { $0.name == tensor.name }) else { return nil }
      self.outputs.append(Output(name: tensor.name, dataType: dataType, shape: shape, bytes: contents))
    }
  }

  /// Throws a fault unless an answer is the expected one. Its tensors are left as they arrived.
  func check(_ response: InferenceResponse) throws {
    try expect(response.model == self.model, "the model is \(response.model) instead of \(self.model)")
    try expect(
      response.version == self.version, "the version is \(response.version) instead of \(self.version)")
    try expect(response.id == self.id, "the id is \(response.id) instead of \(self.id)")
    try expect(
      response.parameters.count == self.parameters.count
        && self.parameters.allSatisfy { name, value in
          response.parameters[name].map { ExpectedResponse.areSame($0, value) } ?? false
        },
      "the parameters are \(response.parameters) instead of \(self.parameters)"
    )
    try expect(
      response.outputs.names == self.outputs.map(\.name),
      "the outputs are \(response.outputs.names) instead of \(self.outputs.map(\.name))"
    )
    for (expected, (name, tensor)) in zip(self.outputs, response.outputs) {
      try expect(
        tensor.dataType == expected.dataType && tensor.shape == expected.shape,
        "\(name) is \(tensor) instead of \(expected.dataType) \(expected.shape)"
      )
      try expect(
        tensor.withUnsafePieces { $0.flatMap(Array.init) } == expected.bytes,
        "the bytes of \(name) are not those that were sent"
      )
    }
  }

  private static func parameter(_ parameter: Inference_InferParameter) -> InferenceParameter? {
    switch parameter.parameterChoice {
    case .boolParam(let value): .bool(value)
    case .int64Param(let value): .int(value)
    case .stringParam(let value): .string(value)
    case .doubleParam(let value): .double(value)
    case .uint64Param(let value): value <= Int64.max ? .int(Int64(value)) : .double(Double(value))
    case nil: nil
    }
  }

  /// NaN is the same as NaN.
  private static func areSame(_ left: InferenceParameter, _ right: InferenceParameter) -> Bool {
    if case .double(let left) = left, case .double(let right) = right {
      return left.bitPattern == right.bitPattern
    }
    return left == right
  }

  /// The number of elements, multiplied from the left; `nil` for a negative dimension or more than memory holds.
  private static func elementCount(_ shape: [Int], width: Int) -> Int? {
    var count = 1
    for dimension in shape + [width] {
      guard dimension >= 0 else { return nil }
      let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
      guard !overflow else { return nil }
      count = product
    }
    return count
  }

  private static func isFit(_ byteCount: Int, dataType: DataType, shape: [Int]) -> Bool {
    guard let width = dataType.byteWidth else { return self.elementCount(shape, width: 1) != nil }
    return self.elementCount(shape, width: width) == byteCount
  }

  /// Typed contents as raw ones; `nil` if they are not those of the tensor.
  private static func bytes(
    of contents: Inference_InferTensorContents,
    dataType: DataType,
    shape: [Int]
  ) -> [UInt8]? {
    let count: Int
    let bytes: [UInt8]?
    switch dataType {
    case .bool:
      (count, bytes) = (contents.boolContents.count, contents.boolContents.map { $0 ? 1 : 0 })
    case .uint8:
      (count, bytes) = (contents.uintContents.count, self.narrow(contents.uintContents, to: UInt8.self))
    case .uint16:
      (count, bytes) = (contents.uintContents.count, self.narrow(contents.uintContents, to: UInt16.self))
    case .uint32:
      (count, bytes) = (contents.uintContents.count, self.narrow(contents.uintContents, to: UInt32.self))
    case .uint64:
      (count, bytes) = (contents.uint64Contents.count, self.narrow(contents.uint64Contents, to: UInt64.self))
    case .int8:
      (count, bytes) = (contents.intContents.count, self.narrow(contents.intContents, to: Int8.self))
    case .int16:
      (count, bytes) = (contents.intContents.count, self.narrow(contents.intContents, to: Int16.self))
    case .int32:
      (count, bytes) = (contents.intContents.count, self.narrow(contents.intContents, to: Int32.self))
    case .int64:
      (count, bytes) = (contents.int64Contents.count, self.narrow(contents.int64Contents, to: Int64.self))
    case .fp32:
      let patterns = contents.fp32Contents.map(\.bitPattern)
      (count, bytes) = (patterns.count, self.narrow(patterns, to: UInt32.self))
    case .fp64:
      let patterns = contents.fp64Contents.map(\.bitPattern)
      (count, bytes) = (patterns.count, self.narrow(patterns, to: UInt64.self))
    case .bytes:
      count = contents.bytesContents.count
      bytes = contents.bytesContents.flatMap { element in
        self.littleEndian(UInt32(element.count)) + Array(element)
      }
    default:
      // FP16 and BF16 have no list.
      (count, bytes) = (0, [])
    }
    return self.elementCount(shape, width: 1) == count ? bytes : nil
  }

  private static func narrow<Narrow: FixedWidthInteger>(
    _ elements: [some FixedWidthInteger],
    to type: Narrow.Type
  ) -> [UInt8]? {
    var bytes: [UInt8] = []
    for element in elements {
      guard let narrow = Narrow(exactly: element) else { return nil }
      bytes += self.littleEndian(narrow)
    }
    return bytes
  }

  private static func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian, Array.init)
  }
}
