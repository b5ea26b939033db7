// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// What a call is about, as far as it is told to logs, metrics and spans.
struct CallSubject: Sendable {
  /// The method.
  let method: RPCMethod

  /// The model that the call is for.
  var model: String?

  /// The version of it that is asked for.
  var version: String?

  /// The request's identifier; may be empty.
  var requestID = ""

  /// The sequence that the request belongs to.
  var sequence: EndpointTable.SequencePin?

  /// What the model's queue may be told about the time that is left.
  var queueLimit: QueueLimit?

  /// Whether the call is to find out if a server is back.
  var isProbe = false
}

/// The service that every method belongs to.
enum RPCService {
  /// Its name with its package.
  static let name = "inference.GRPCInferenceService"
}
