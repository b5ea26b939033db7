// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import InferenceProtos
import SwiftProtobuf

/// A request's properties that travel as parameters, in the types that Triton asks for.
enum RequestParameters {
  /// Throws ``InferenceError`` with `invalidArgument` for a value that the protocol has no room for.
  static func encode(_ request: InferenceRequest) throws -> [String: Inference_InferParameter] {
    func refuse(_ message: String) -> InferenceError {
      InferenceError(code: .invalidArgument, message: message, model: request.model)
    }
    for name in request.parameters.keys where InferenceParameter.isReserved(name) {
      throw refuse("the parameter \"\(name)\" belongs to Triton; the request has a property for it")
    }
    var parameters = request.parameters.mapValues(\.proto)
    if let priority = request.priority {
      parameters["priority"] = .with { $0.uint64Param = priority }
    }
    if let timeout = request.queueTimeout {
      let microseconds = timeout.microseconds
      guard microseconds > 0 else { throw refuse("a queue timeout of \(timeout) is under a microsecond") }
      parameters["timeout"] = .with { $0.int64Param = microseconds }
    }
    guard let sequence = request.sequence else { return parameters }
    switch sequence.id {
    case .integer(let id):
      guard id != 0 else { throw refuse("a sequence's id is not 0: that means no sequence") }
      // The protocol's field is signed and means the same 64 bits.
      parameters["sequence_id"] = .with { $0.int64Param = Int64(bitPattern: id) }
    case .string(let id):
      guard !id.isEmpty else { throw refuse("a sequence's id is not empty: that means no sequence") }
      parameters["sequence_id"] = .with { $0.stringParam = id }
    }
    parameters["sequence_start"] = .with { $0.boolParam = sequence.isStart }
    parameters["sequence_end"] = .with { $0.boolParam = sequence.isEnd }
    return parameters
  }

  /// The outputs wanted, those wanted as classifications among them.
  static func outputs(
    of request: InferenceRequest
  ) throws -> [Inference_ModelInferRequest.InferRequestedOutputTensor] {
    let others = request.classifications.keys.filter { !request.outputs.contains($0) }.sorted()
    return try (request.outputs + others).map { name in
      var output = Inference_ModelInferRequest.InferRequestedOutputTensor()
      output.name = name
      if let count = request.classifications[name] {
        guard count > 0 else {
          throw InferenceError(
            code: .invalidArgument,
            message: "the output \"\(name)\" is wanted as its \(count) largest values: ask for 1 or more",
            model: request.model
          )
        }
        output.parameters["classification"] = .with { $0.int64Param = Int64(count) }
      }
      return output
    }
  }
}
