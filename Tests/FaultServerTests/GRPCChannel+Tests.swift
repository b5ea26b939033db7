// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

@testable import TritonClient

extension GRPCChannel {
  /// A channel to a server, without a client around it.
  static func to(_ url: String, keepalive: Keepalive? = nil) throws -> GRPCChannel {
    try GRPCChannel(
      address: ServerAddress(url),
      executor: .shared,
      connectTimeout: .seconds(5),
      maximumResponseByteCount: 1 << 20,
      keepalive: keepalive
    )
  }

  /// Asks the server whether it is ready, with what is to go wrong.
  func health(
    _ faults: KeyValuePairs<String, String> = [:],
    timeout: Duration = .seconds(20),
    call: UnaryCall = UnaryCall()
  ) async throws -> Result<ReceivedMessage, FailedStatus> {
    let text = faults.map { "\($0)=\($1)" }.joined(separator: ";")
    let description = CallDescription(
      method: .serverReady,
      headers: try Headers(text.isEmpty ? [:] : ["fault": text]),
      timeout: timeout,
      compression: .none
    )
    return try await self.unary(description, message: OutgoingMessage(bytes: []), call: call)
  }
}
