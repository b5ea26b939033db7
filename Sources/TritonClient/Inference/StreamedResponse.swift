// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// One of the answers on a stream.
public struct StreamedResponse: Sendable {
  /// The identifier of the request that it answers; the stream gave one to requests without.
  public let requestID: String

  /// What the model computed, or why this request failed. The stream goes on either way. The last answer of a
  /// model that answers any number of times may be without outputs.
  public let result: Result<InferenceResponse, InferenceError>

  /// Whether no other answer to the request follows.
  public let isFinal: Bool

  /// What the model computed.
  ///
  /// - Throws: ``InferenceError`` if the request failed.
  public func get() throws -> InferenceResponse {
    try self.result.get()
  }
}
