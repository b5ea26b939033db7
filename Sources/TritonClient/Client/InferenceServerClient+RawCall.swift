// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

extension InferenceServerClient {
  /// Calls a method of the service with a message that is encoded already: for what this library has no method
  /// for, such as fields that a newer server has.
  ///
  /// The messages are those of the protocol's `grpc_service.proto`, serialized by any protobuf library; this one
  /// keeps its own out of the way. Deadlines, retries, headers, logs, metrics and spans are those of every call.
  /// The message is sent as it is: nothing in it is checked.
  ///
  /// ```swift
  /// let answer = try await client.rawCall("ModelMetadata", message: try request.serializedBytes())
  /// let metadata = try ModelMetadataResponse(serializedBytes: answer)
  /// ```
  ///
  /// - Parameters:
  ///   - method: name of a method of `inference.GRPCInferenceService` that has one answer.
  ///   - message: the serialized request.
  ///   - model: the model that the call is about, for errors, logs, metrics and spans.
  ///   - options: what this call does differently.
  /// - Returns: the serialized answer.
  /// - Throws: ``InferenceError``; `invalidArgument` for a name that no method can have, `unimplemented` for a
  ///   method that the server does not have.
  public func rawCall(
    _ method: String,
    message: [UInt8],
    model: String? = nil,
    options: CallOptions = .defaults
  ) async throws -> [UInt8] {
    guard !method.isEmpty, method.utf8.allSatisfy(\.isLetterOrDigit) else {
      throw InferenceError(
        code: .invalidArgument,
        message: "\"\(method)\" is no method's name: give the bare one, such as \"ModelMetadata\"",
        model: model,
        endpoint: self.url
      )
    }
    guard method != RPCMethod.modelStreamInfer.name else {
      throw InferenceError(
        code: .invalidArgument,
        message: "\(method) is a stream, which has more than one answer: use stream(_:options:)",
        model: model,
        endpoint: self.url
      )
    }
    let subject = CallSubject(method: RPCMethod(name: method), model: model)
    let outgoing = OutgoingMessage(bytes: message)
    return try await self.send(outgoing, for: subject, options: options).message.contiguousBytes
  }
}

extension UInt8 {
  /// Whether the byte is an ASCII letter or digit.
  fileprivate var isLetterOrDigit: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: false
    }
  }
}
