// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import InferenceProtos
import SwiftProtobuf

/// Reads a `ModelInferResponse` without touching the tensors' bytes: an output is a view of the slices that
/// arrived.
package enum ResponseDecoder {
  /// The tag of a field `raw_output_contents`: number 6, length-delimited.
  private static let rawOutputContentsTag: UInt64 = 6 << 3 | 2

  package static func decode(_ message: StoragePieces) throws -> InferenceResponse {
    try ResponseDecoder.namingTheMessage("ModelInferResponse") {
      var reader = SliceReader(message.buffers)
      return try ResponseDecoder.response(from: &reader, length: reader.remaining, of: message)
    }
  }

  /// Reads a `ModelStreamInferResponse`: the text of an error, and an answer, either of which may be missing.
  package static func decodeStreamed(
    _ message: StoragePieces
  ) throws -> (error: String, response: InferenceResponse?) {
    try ResponseDecoder.namingTheMessage("ModelStreamInferResponse") {
      var reader = SliceReader(message.buffers)
      var text: [UInt8] = []
      var response: InferenceResponse?
      while reader.remaining > 0 {
        let tag = try reader.readVarint()
        let length = try reader.readLength(ofFieldTagged: tag)
        switch tag >> 3 {
        case 1:
          text = []
          try reader.read(length) { text.append(contentsOf: $0) }
        case 2:
          response = try ResponseDecoder.response(from: &reader, length: length, of: message)
        default:
          try reader.read(length) { _ in }
        }
      }
      return (String(decoding: text, as: UTF8.self), response)
    }
  }

  private static func namingTheMessage<Result>(_ name: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as InferenceError {
      throw error
    } catch {
      throw InferenceError(
        code: .malformedResponse,
        message: "the server's answer is no \(name)",
        underlyingError: error
      )
    }
  }

  private static func response(
    from reader: inout SliceReader,
    length: Int,
    of message: StoragePieces
  ) throws -> InferenceResponse {
    let (head, contents) = try ResponseDecoder.split(from: &reader, length: length, of: message)
    let response = try Inference_ModelInferResponse(serializedBytes: head)
    return InferenceResponse(
      model: response.modelName,
      version: response.modelVersion,
      id: response.id,
      outputs: try ResponseDecoder.outputs(of: response, contents: contents),
      parameters: response.parameters.compactMapValues(InferenceParameter.init)
    )
  }

  /// Takes the raw contents out of a message; what is left is a small message of its own.
  private static func split(
    from reader: inout SliceReader,
    length: Int,
    of message: StoragePieces
  ) throws -> ([UInt8], [any TensorStorage]) {
    guard length <= reader.remaining else { throw WireError.truncated }
    let end = reader.remaining - length
    var head: [UInt8] = []
    var contents: [any TensorStorage] = []
    while reader.remaining > end {
      let tag = try reader.readVarint()
      if tag == ResponseDecoder.rawOutputContentsTag {
        let length = try reader.readLength()
        contents.append(try ResponseDecoder.storage(for: length, from: &reader, of: message))
        continue
      }
      WireFormat.appendVarint(tag, to: &head)
      switch WireFormat.FieldType(rawValue: tag & 7) {
      case .varint:
        WireFormat.appendVarint(try reader.readVarint(), to: &head)
      case .lengthDelimited:
        let length = try reader.readLength()
        WireFormat.appendVarint(UInt64(length), to: &head)
        try reader.read(length) { head.append(contentsOf: $0) }
      case .fixed64, .fixed32, nil:
        let length = try reader.readLength(ofFieldTagged: tag)
        try reader.read(length) { head.append(contentsOf: $0) }
      }
    }
    // A field that reaches past the end of an embedded message.
    guard reader.remaining == end else { throw WireError.truncated }
    return (head, contents)
  }

  private static func storage(
    for length: Int,
    from reader: inout SliceReader,
    of message: StoragePieces
  ) throws -> any TensorStorage {
    var buffers: [UnsafeRawBufferPointer] = []
    try reader.read(length) { buffers.append($0) }
    return ReceivedStorage(buffers: buffers, of: message.owner)
  }

  private static func outputs(
    of response: Inference_ModelInferResponse,
    contents: [any TensorStorage]
  ) throws -> NamedTensors {
    if contents.isEmpty { return try ResponseDecoder.outputsWithTypedContents(of: response) }
    guard response.outputs.count == contents.count else {
      throw InferenceError(
        code: .malformedResponse,
        message: """
          the answer names \(response.outputs.count) outputs and carries the bytes of \(contents.count)
          """,
        model: response.modelName
      )
    }
    var outputs = NamedTensors()
    for (output, storage) in zip(response.outputs, contents) {
      outputs[output.name] = try ResponseDecoder.tensor(output, storage: storage, model: response.modelName)
    }
    return outputs
  }

  /// Triton answers in raw contents; other servers may write the elements one by one.
  private static func outputsWithTypedContents(
    of response: Inference_ModelInferResponse
  ) throws -> NamedTensors {
    var outputs = NamedTensors()
    for output in response.outputs {
      let shape = output.shape.map(Int.init)
      do {
        let dataType = try ResponseDecoder.dataType(of: output, model: response.modelName)
        outputs[output.name] = try Tensor(output.contents, shape: shape, dataType: dataType)
      } catch let problem as TypedContentsProblem {
        throw InferenceError(
          code: .malformedResponse,
          message:
            "the output \"\(output.name)\" is said to be \(output.datatype) \(shape) and \(problem.text)",
          model: response.modelName
        )
      }
    }
    return outputs
  }

  private static func dataType(
    of output: Inference_ModelInferResponse.InferOutputTensor,
    model: String
  ) throws -> DataType {
    guard let dataType = DataType(name: output.datatype) else {
      throw InferenceError(
        code: .malformedResponse,
        message: "the output \"\(output.name)\" has the unknown data type \"\(output.datatype)\"",
        model: model
      )
    }
    return dataType
  }

  private static func tensor(
    _ output: Inference_ModelInferResponse.InferOutputTensor,
    storage: any TensorStorage,
    model: String
  ) throws -> Tensor {
    let shape = output.shape.map(Int.init)
    let dataType = try ResponseDecoder.dataType(of: output, model: model)
    // The lengths inside a BYTES tensor are checked when it is read; its shape must make sense now.
    let expected = try? TensorShape.byteCount(shape, width: dataType.byteWidth ?? 1)
    guard let expected, dataType.byteWidth == nil || expected == storage.byteCount else {
      throw InferenceError(
        code: .malformedResponse,
        message: """
          the output \"\(output.name)\" is said to be \(dataType) \(shape) and has \
          \(storage.byteCount) bytes
          """,
        model: model
      )
    }
    return Tensor(shape: shape, dataType: dataType, storage: storage)
  }
}
