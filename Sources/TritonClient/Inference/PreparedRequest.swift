// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// A request in the form in which it is sent, for requests that are sent many times.
///
/// It refers to the memory of its tensors and keeps them alive; nothing of them is copied, however often it is
/// sent and to however many servers.
public struct PreparedRequest: Sendable {
  /// What was prepared.
  public let request: InferenceRequest

  let message: OutgoingMessage
  let acceptance = Acceptance()

  /// Encodes a request.
  ///
  /// - Throws: ``InferenceError`` with `invalidArgument` for a request that the protocol has no room for.
  public init(_ request: InferenceRequest) throws {
    self.request = request
    self.message = try RequestEncoder.encode(request)
  }

  /// Bytes of the message that is sent.
  public var byteCount: Int { self.message.byteCount }
}
