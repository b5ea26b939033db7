// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import InferenceProtos
import SwiftProtobuf

/// Writes a `ModelInferRequest`: names, types and shapes, then one `raw_input_contents` field for each tensor, whose
/// bytes stay where they are. What few requests have, parameters, goes through SwiftProtobuf.
package enum RequestEncoder {
  /// Numbers of the message's fields.
  private enum Field {
    static let modelName: UInt8 = 1
    static let modelVersion: UInt8 = 2
    static let id: UInt8 = 3
    static let inputs: UInt8 = 5
    static let outputs: UInt8 = 6
    static let rawInputContents: UInt8 = 7
  }

  /// A protobuf message holds at most 2 GiB, and Triton takes no more.
  package static let maximumByteCount = Int(Int32.max)

  /// - Parameters:
  ///   - request: the request; its tensors' memory is referred to, not copied.
  ///   - asksForFinalResponse: whether the server is to mark the end of its answers even where that takes an
  ///     answer without outputs; for streams.
  package static func encode(
    _ request: InferenceRequest,
    asksForFinalResponse: Bool = false
  ) throws -> OutgoingMessage {
    var writer = MessageWriter(capacity: 256)
    writer.write(request.model, field: Field.modelName)
    writer.write(request.version ?? "", field: Field.modelVersion)
    writer.write(request.id, field: Field.id)
    for (name, tensor) in request.inputs {
      RequestEncoder.write(tensor, named: name, to: &writer)
    }
    try RequestEncoder.writeOutputs(of: request, to: &writer)
    try RequestEncoder.writeParameters(of: request, asksForFinalResponse: asksForFinalResponse, to: &writer)

    var pieces: [any TensorStorage] = []
    pieces.reserveCapacity(2 * request.inputs.count + 1)
    for (_, tensor) in request.inputs {
      writer.writeTag(Field.rawInputContents, lengthOfValue: tensor.byteCount)
      guard tensor.byteCount > 0 else { continue }
      pieces.append(OwnedStorage(copying: writer.take()))
      pieces.append(tensor.storage)
    }
    if !writer.bytes.isEmpty { pieces.append(OwnedStorage(copying: writer.bytes)) }

    let message = OutgoingMessage(pieces: pieces)
    guard message.byteCount <= RequestEncoder.maximumByteCount else {
      throw RequestEncoder.tooLarge(request, byteCount: message.byteCount)
    }
    return message
  }

  /// An `InferInputTensor`.
  private static func write(_ tensor: Tensor, named name: String, to writer: inout MessageWriter) {
    let dataType = tensor.dataType.name
    let byteCount =
      MessageWriter.byteCount(name) + MessageWriter.byteCount(dataType)
      + MessageWriter.byteCount(tensor.shape)
    writer.writeTag(Field.inputs, lengthOfValue: byteCount)
    writer.write(name, field: 1)
    writer.write(dataType, field: 2)
    writer.write(tensor.shape, field: 3)
  }

  private static func writeOutputs(of request: InferenceRequest, to writer: inout MessageWriter) throws {
    guard request.classifications.isEmpty else {
      var rest = Inference_ModelInferRequest()
      rest.outputs = try RequestParameters.outputs(of: request)
      return writer.write(encoded: try rest.serializedBytes())
    }
    for name in request.outputs {
      writer.writeTag(Field.outputs, lengthOfValue: MessageWriter.byteCount(name))
      writer.write(name, field: 1)
    }
  }

  private static func writeParameters(
    of request: InferenceRequest,
    asksForFinalResponse: Bool,
    to writer: inout MessageWriter
  ) throws {
    guard request.hasParameters || asksForFinalResponse else { return }
    var rest = Inference_ModelInferRequest()
    rest.parameters = try RequestParameters.encode(request)
    if asksForFinalResponse {
      rest.parameters["triton_enable_empty_final_response"] = .with { $0.boolParam = true }
    }
    writer.write(encoded: try rest.serializedBytes())
  }

  /// The error for a request that no message can hold, with the tensor that is to blame for it.
  private static func tooLarge(_ request: InferenceRequest, byteCount: Int) -> InferenceError {
    let largest = request.inputs.max { $0.tensor.byteCount < $1.tensor.byteCount }
    let blame = largest.map {
      "; its largest input, \"\($0.name)\", is \($0.tensor): \($0.tensor.byteCount) bytes"
    }
    return InferenceError(
      code: .invalidArgument,
      message: """
        the request has \(byteCount) bytes; a gRPC message holds at most \(maximumByteCount)\(blame ?? ""). \
        Send it in parts: a smaller batch at a time, or slices of the tensor where the model allows it
        """,
      model: request.model
    )
  }
}
