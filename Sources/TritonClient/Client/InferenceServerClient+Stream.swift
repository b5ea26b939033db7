// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

extension InferenceServerClient {
  /// Sends requests on one stream and gives their answers as they come: for models that answer any number of
  /// times, and for sequences whose requests must not overtake each other.
  ///
  /// A request that fails is an answer like others and does not end the stream. Nothing on a stream is sent
  /// twice.
  ///
  /// - Parameters:
  ///   - requests: the requests; they are taken as the connection has room for them.
  ///   - options: what these calls do differently. The timeout counts for the wait for each answer.
  public func stream<Requests: AsyncSequence & Sendable>(
    _ requests: Requests,
    options: CallOptions = .defaults
  ) -> InferenceStream<Requests> where Requests.Element == InferenceRequest {
    InferenceStream(client: self, requests: requests, options: options)
  }

  /// Sends requests that are known in full on one stream; otherwise as the method for a sequence of them.
  public func stream(
    _ requests: [InferenceRequest],
    options: CallOptions = .defaults
  ) -> InferenceStream<AsyncStream<InferenceRequest>> {
    let (sequence, continuation) = AsyncStream.makeStream(of: InferenceRequest.self)
    for request in requests { continuation.yield(request) }
    continuation.finish()
    return self.stream(sequence, options: options)
  }

  func openStream(
    options: CallOptions,
    observation: CallObservation?
  ) async throws -> (MessageStream, StreamPlace) {
    let subject = CallSubject(method: .modelStreamInfer)
    let deadline = MonotonicInstant.now + (options.timeout ?? self.configuration.timeout)
    let endpoint = try await self.pool.pick(for: subject, excluding: [], deadline: deadline)
    let place = StreamPlace(at: endpoint, of: self.pool)
    let description = CallDescription(
      method: .modelStreamInfer,
      headers: try self.headers(for: options, observation: observation),
      timeout: nil,
      compression: options.compression ?? self.configuration.compression
    )
    guard let stream = MessageStream(description, on: place.endpoint.channel) else {
      throw InferenceError(
        code: .resourceExhausted,
        message: "no memory left to start a stream",
        endpoint: place.endpoint.url
      )
    }
    return (stream, place)
  }

  /// A request as it goes onto a stream, checked like any other.
  func streamedMessage(of request: InferenceRequest, options: CallOptions) async throws -> OutgoingMessage {
    if self.configuration.validatesRequests {
      _ = try await self.accepted(request, acceptance: nil, options: options)
    }
    return try RequestEncoder.encode(request, asksForFinalResponse: true)
  }
}
