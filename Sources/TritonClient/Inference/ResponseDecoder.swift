// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// Reads a `ModelInferResponse` without touching the tensors' bytes: an output is a view of the slices that
/// arrived.
package enum ResponseDecoder {
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
      var text = ""
      var response: InferenceResponse?
      while reader.remaining > 0 {
        let tag = try reader.readTag()
        switch tag {
        case 1 << 3 | 2:
          text = String(decoding: try reader.readBytes(), as: UTF8.self)
        case 2 << 3 | 2:
          guard response == nil else {
            throw InferenceError(
              code: .malformedResponse,
              message: "the server's answer is a ModelStreamInferResponse with two answers"
            )
          }
          let length = try reader.readLength()
          response = try ResponseDecoder.response(from: &reader, length: length, of: message)
        default:
          try reader.skipField(tagged: tag)
        }
      }
      guard !text.isEmpty || response != nil else {
        throw InferenceError(
          code: .malformedResponse,
          message: "the server's answer is an empty ModelStreamInferResponse"
        )
      }
      return (text, response)
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
    guard length <= reader.remaining else { throw WireError.truncated }
    let end = reader.remaining - length
    var head = ResponseHead()
    var contents: [any TensorStorage] = []
    while reader.remaining > end {
      let tag = try reader.readTag()
      if tag == ResponseHead.rawOutputContentsTag {
        let buffers = try reader.readBuffers(try reader.readLength())
        contents.append(ReceivedStorage(buffers: buffers, of: message.owner))
      } else {
        try head.readField(tagged: tag, from: &reader)
      }
    }
    // A field that reaches past the end of an embedded message.
    guard reader.remaining == end else { throw WireError.truncated }
    return InferenceResponse(
      model: head.model,
      version: head.version,
      id: head.id,
      outputs: try ResponseDecoder.outputs(of: head, contents: contents),
      parameters: head.parameters
    )
  }

  private static func outputs(
    of response: ResponseHead,
    contents: [any TensorStorage]
  ) throws -> NamedTensors {
    try ResponseDecoder.checkNames(of: response)
    if contents.isEmpty { return try ResponseDecoder.outputsWithTypedContents(of: response) }
    guard response.outputs.count == contents.count else {
      throw InferenceError(
        code: .malformedResponse,
        message: """
          the answer names \(response.outputs.count) outputs and carries the bytes of \(contents.count)
          """,
        model: response.model
      )
    }
    var outputs = NamedTensors()
    for (output, storage) in zip(response.outputs, contents) {
      outputs[output.name] = try ResponseDecoder.tensor(output, storage: storage, model: response.model)
    }
    return outputs
  }

  private static func checkNames(of response: ResponseHead) throws {
    for (index, output) in response.outputs.enumerated()
    where response.outputs[..<index].contains(where: { $0.name == output.name }) {
      throw InferenceError(
        code: .malformedResponse,
        message: "the answer has two outputs \"\(output.name)\"",
        model: response.model
      )
    }
  }

  /// Triton answers in raw contents; other servers may write the elements one by one.
  private static func outputsWithTypedContents(
    of response: ResponseHead
  ) throws -> NamedTensors {
    var outputs = NamedTensors()
    for output in response.outputs {
      do {
        let dataType = try ResponseDecoder.dataType(of: output, model: response.model)
        outputs[output.name] = try Tensor(output.typedContents(), shape: output.shape, dataType: dataType)
      } catch let problem as TypedContentsProblem {
        throw InferenceError(
          code: .malformedResponse,
          message:
            "the output \"\(output.name)\" is said to be \(output.dataType) \(output.shape) and \(problem.text)",
          model: response.model
        )
      }
    }
    return outputs
  }

  private static func dataType(
    of output: ResponseHead.Output,
    model: String
  ) throws -> DataType {
    guard let dataType = DataType(name: output.dataType) else {
      throw InferenceError(
        code: .malformedResponse,
        message: "the output \"\(output.name)\" has the unknown data type \"\(output.dataType)\"",
        model: model
      )
    }
    return dataType
  }

  private static func tensor(
    _ output: ResponseHead.Output,
    storage: any TensorStorage,
    model: String
  ) throws -> Tensor {
    let dataType = try ResponseDecoder.dataType(of: output, model: model)
    // The lengths inside a BYTES tensor are checked when it is read; its shape must make sense now.
    let expected = try? TensorShape.byteCount(output.shape, width: dataType.byteWidth ?? 1)
    guard let expected, dataType.byteWidth == nil || expected == storage.byteCount else {
      throw InferenceError(
        code: .malformedResponse,
        message: """
          the output \"\(output.name)\" is said to be \(dataType) \(output.shape) and has \
          \(storage.byteCount) bytes
          """,
        model: model
      )
    }
    return Tensor(shape: output.shape, dataType: dataType, storage: storage)
  }
}
