// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import InferenceProtos
import SwiftProtobuf
import TritonClient

/// Decodes any bytes as an answer and compares what comes out with what SwiftProtobuf reads.
///
/// What must hold for every input:
/// * nothing traps, and no error is another one than `InferenceError`;
/// * where both decoders accept the bytes they agree on every name, shape, type, parameter and byte;
/// * of the same message as SwiftProtobuf writes it, the library refuses exactly what contradicts itself;
/// * every way of reading an output gives the same elements, or the error that its documentation says.
package enum DecoderCheck {
  /// Checks one input, laid out as `DecoderInput` says.
  ///
  /// - Returns: whether the message was accepted.
  /// - Throws: ``DecoderFault``.
  @discardableResult
  package static func run(_ bytes: some Collection<UInt8>) throws -> Bool {
    let input = DecoderInput(bytes)
    return input.isStreamed
      ? try DecoderCheck.checkStreamed(input) : try DecoderCheck.checkAnswer(input)
  }

  private static func checkAnswer(_ input: DecoderInput) throws -> Bool {
    // The message itself is gone before its outputs are read: they must keep what they need.
    let decoded = try DecoderCheck.attempt { try ResponseDecoder.decode(input.cut(input.message).pieces) }
    let reference = try? Inference_ModelInferResponse(serializedBytes: input.message)
    if let decoded {
      if let reference {
        guard let expected = ExpectedResponse(reference) else {
          throw DecoderFault("an answer that contradicts itself was accepted")
        }
        try expected.check(decoded)
      }
      try DecoderCheck.readAll(decoded)
    }
    if let reference {
      let clean = reference.withoutUnknownFields
      let bytes: [UInt8] = try clean.serializedBytes()
      let again = try DecoderCheck.attempt { try ResponseDecoder.decode(input.cut(bytes).pieces) }
      try DecoderCheck.check(again, against: ExpectedResponse(clean))
    }
    return decoded != nil
  }

  private static func checkStreamed(_ input: DecoderInput) throws -> Bool {
    let decoded = try DecoderCheck.attempt {
      try ResponseDecoder.decodeStreamed(input.cut(input.message).pieces)
    }
    let reference = try? Inference_ModelStreamInferResponse(serializedBytes: input.message)
    if let decoded {
      if let reference { try DecoderCheck.check(decoded, against: reference) }
      if let response = decoded.response { try DecoderCheck.readAll(response) }
    }
    if var clean = reference {
      clean.unknownFields = UnknownStorage()
      if clean.hasInferResponse { clean.inferResponse = clean.inferResponse.withoutUnknownFields }
      let bytes: [UInt8] = try clean.serializedBytes()
      let again = try DecoderCheck.attempt { try ResponseDecoder.decodeStreamed(input.cut(bytes).pieces) }
      let isExpected =
        clean.hasInferResponse ? ExpectedResponse(clean.inferResponse) != nil : !clean.errorMessage.isEmpty
      try expect((again != nil) == isExpected, "\(again != nil ? "accepted" : "refused"): \(clean)")
      if let again { try DecoderCheck.check(again, against: clean) }
    }
    return decoded != nil
  }

  private static func check(
    _ decoded: (error: String, response: InferenceResponse?),
    against reference: Inference_ModelStreamInferResponse
  ) throws {
    try expect(
      decoded.error == reference.errorMessage,
      "the error is \(decoded.error) instead of \(reference.errorMessage)"
    )
    try DecoderCheck.check(
      decoded.response,
      against: reference.hasInferResponse ? ExpectedResponse(reference.inferResponse) : nil
    )
  }

  private static func check(_ response: InferenceResponse?, against expected: ExpectedResponse?) throws {
    switch (response, expected) {
    case (let response?, let expected?): try expected.check(response)
    case (let response?, nil): throw DecoderFault("\(response) was accepted")
    case (nil, let expected?): throw DecoderFault("\(expected) was refused")
    case (nil, nil): break
    }
  }

  private static func readAll(_ response: InferenceResponse) throws {
    for (name, tensor) in response.outputs {
      _ = try response.output(name)
      try TensorReading(tensor).check()
    }
    let absent = response.outputs.names.joined() + "?"
    try expect(.notFound, of: "an output without a name that exists") { try response.output(absent) }
  }

  /// What `body` returns, `nil` if it refuses the message.
  private static func attempt<Result>(_ body: () throws -> Result) throws -> Result? {
    do {
      return try body()
    } catch let error as InferenceError {
      try expect(error.code == .malformedResponse, "the message was refused with \(error)")
      return nil
    } catch {
      throw DecoderFault("the message was refused with \(error), which is no InferenceError")
    }
  }
}

extension Inference_ModelInferResponse {
  /// The same without fields that the library skips. Those inside parameters and typed contents stay.
  fileprivate var withoutUnknownFields: Self {
    var message = self
    message.unknownFields = UnknownStorage()
    for index in message.outputs.indices { message.outputs[index].unknownFields = UnknownStorage() }
    return message
  }
}
