// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import InferenceProtos
import SwiftProtobuf

/// Reads a `ModelInferResponse` without touching the tensors' bytes: an output that arrived in one slice is a
/// view of it, one that the network cut in pieces is put together once.
package enum ResponseDecoder {
  /// Number of the field `raw_output_contents`.
  private static let rawOutputContentsField: UInt64 = 6

  package static func decode(_ message: ReceivedMessage) throws -> InferenceResponse {
    do {
      let (head, contents) = try ResponseDecoder.split(message)
      let response = try Inference_ModelInferResponse(serializedBytes: head)
      return InferenceResponse(
        model: response.modelName,
        version: response.modelVersion,
        id: response.id,
        outputs: try ResponseDecoder.outputs(of: response, contents: contents)
      )
    } catch let error as InferenceError {
      throw error
    } catch {
      throw InferenceError(
        code: .malformedResponse,
        message: "the server's answer is no ModelInferResponse",
        underlyingError: error
      )
    }
  }

  /// Takes the raw contents out of a message; what is left is a small message of its own.
  private static func split(_ message: ReceivedMessage) throws -> ([UInt8], [any TensorStorage]) {
    var reader = SliceReader(message.slices)
    var head: [UInt8] = []
    var contents: [any TensorStorage] = []
    while reader.remaining > 0 {
      let tag = try reader.readVarint()
      guard let type = WireFormat.FieldType(rawValue: tag & 7) else {
        throw WireError.unknownFieldType(tag & 7)
      }
      if tag >> 3 == ResponseDecoder.rawOutputContentsField, type == .lengthDelimited {
        let length = try reader.readLength()
        contents.append(try ResponseDecoder.storage(for: length, from: &reader, of: message))
        continue
      }
      WireFormat.appendVarint(tag, to: &head)
      switch type {
      case .varint:
        WireFormat.appendVarint(try reader.readVarint(), to: &head)
      case .fixed64:
        try reader.read(8) { head.append(contentsOf: $0) }
      case .fixed32:
        try reader.read(4) { head.append(contentsOf: $0) }
      case .lengthDelimited:
        let length = try reader.readLength()
        WireFormat.appendVarint(UInt64(length), to: &head)
        try reader.read(length) { head.append(contentsOf: $0) }
      }
    }
    return (head, contents)
  }

  private static func storage(
    for length: Int,
    from reader: inout SliceReader,
    of message: ReceivedMessage
  ) throws -> any TensorStorage {
    var parts: [UnsafeRawBufferPointer] = []
    try reader.read(length) { parts.append($0) }
    if parts.count == 1 { return ReceivedStorage(bytes: parts[0], of: message) }
    return OwnedStorage(byteCount: length) { memory in
      var offset = 0
      for part in parts {
        UnsafeMutableRawBufferPointer(rebasing: memory[offset..<offset + part.count]).copyMemory(from: part)
        offset += part.count
      }
    }
  }

  private static func outputs(
    of response: Inference_ModelInferResponse,
    contents: [any TensorStorage]
  ) throws -> NamedTensors {
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

  private static func tensor(
    _ output: Inference_ModelInferResponse.InferOutputTensor,
    storage: any TensorStorage,
    model: String
  ) throws -> Tensor {
    let shape = output.shape.map(Int.init)
    guard let dataType = DataType(name: output.datatype) else {
      throw InferenceError(
        code: .malformedResponse,
        message: "the output \"\(output.name)\" has the unknown data type \"\(output.datatype)\"",
        model: model
      )
    }
    // The lengths inside a BYTES tensor are checked when it is read; its shape must make sense now.
    let expected = try? TensorShape.byteCount(shape, width: dataType.byteWidth ?? 1)
    guard let expected, dataType.byteWidth == nil || expected == storage.bytes.count else {
      throw InferenceError(
        code: .malformedResponse,
        message: """
          the output \"\(output.name)\" is said to be \(dataType) \(shape) and has \
          \(storage.bytes.count) bytes
          """,
        model: model
      )
    }
    return Tensor(shape: shape, dataType: dataType, storage: storage)
  }
}
