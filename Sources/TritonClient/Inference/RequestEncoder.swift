// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import InferenceProtos
import SwiftProtobuf

/// Writes a `ModelInferRequest`: everything but the tensors' bytes through SwiftProtobuf, then one
/// `raw_input_contents` field for each tensor, whose bytes stay where they are.
package enum RequestEncoder {
  /// The first byte of a `raw_input_contents` field: number 7, length-delimited.
  private static let rawInputContentsTag: UInt8 = 7 << 3 | 2

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
    var head = Inference_ModelInferRequest()
    head.modelName = request.model
    head.modelVersion = request.version ?? ""
    head.id = request.id
    head.inputs = request.inputs.map { name, tensor in
      var input = Inference_ModelInferRequest.InferInputTensor()
      input.name = name
      input.datatype = tensor.dataType.name
      input.shape = tensor.shape.map(Int64.init)
      return input
    }
    head.outputs = try RequestParameters.outputs(of: request)
    head.parameters = try RequestParameters.encode(request)
    if asksForFinalResponse {
      head.parameters["triton_enable_empty_final_response"] = .with { $0.boolParam = true }
    }

    var pieces: [OutgoingMessage.Piece] = []
    var bytes: [UInt8] = try head.serializedBytes()
    for (_, tensor) in request.inputs {
      bytes.append(RequestEncoder.rawInputContentsTag)
      WireFormat.appendVarint(UInt64(tensor.byteCount), to: &bytes)
      guard tensor.byteCount > 0 else { continue }
      pieces.append(.bytes(bytes))
      pieces.append(.tensor(tensor.storage))
      bytes = []
    }
    if !bytes.isEmpty { pieces.append(.bytes(bytes)) }

    let message = OutgoingMessage(pieces: pieces)
    guard message.byteCount <= RequestEncoder.maximumByteCount else {
      throw RequestEncoder.tooLarge(request, byteCount: message.byteCount)
    }
    return message
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
