// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Synchronization

/// The answers to a stream of requests, in the order in which they come.
///
/// Requests are taken from their sequence as the connection has room for them; an answer is taken from the
/// connection when the reader asks for it. So neither side can be flooded. Models that answer any number of
/// times may mix the answers to several requests; ``StreamedResponse/requestID`` tells them apart.
///
/// The stream is opened by the first call of `next()` and can be read once. It ends when the requests have ended
/// and the server has answered them all. Leaving the loop or cancelling the task ends the RPC.
public struct InferenceStream<Requests: AsyncSequence & Sendable>: AsyncSequence, Sendable
where Requests.Element == InferenceRequest {
  /// An answer.
  public typealias Element = StreamedResponse

  let client: InferenceServerClient
  let requests: Requests
  let options: CallOptions

  /// Reads the answers.
  public func makeAsyncIterator() -> Iterator {
    Iterator(session: StreamSession(client: self.client, options: self.options), requests: self.requests)
  }

  /// Reads the answers; the stream ends with the iterator.
  public struct Iterator: AsyncIteratorProtocol {
    private let session: StreamSession
    private let requests: Requests
    private let lifetime: Lifetime

    init(session: StreamSession, requests: Requests) {
      self.session = session
      self.requests = requests
      self.lifetime = Lifetime(of: session)
    }

    /// The next answer; `nil` at the end of the stream.
    ///
    /// Copies of an iterator read the same stream. One task at a time may wait for an answer.
    ///
    /// - Throws: ``InferenceError`` when the stream breaks, `deadlineExceeded` when no answer comes within the
    ///   call's timeout, `invalidArgument` when another task waits for an answer already, which goes on waiting;
    ///   what the sequence of requests throws; `CancellationError`.
    public func next() async throws -> StreamedResponse? {
      try await self.session.next(sending: self.requests)
    }
  }

  /// Ends the stream when the last copy of the iterator goes.
  private final class Lifetime: Sendable {
    private let session: StreamSession

    init(of session: StreamSession) {
      self.session = session
    }

    deinit {
      self.session.cancel()
    }
  }
}

/// One stream from its first request to its end.
final class StreamSession: Sendable {
  private struct State {
    var stream: MessageStream?
    var place: StreamPlace?
    var writer: Task<Void, Never>?
    var writerError: (any Error)?
    var observation: CallObservation?
    var isBeingRead = false
    var isOver = false
    /// Whether the requests ended before there was one.
    var hasNoRequests = false
    var hasReceived = false
  }

  private let client: InferenceServerClient
  private let options: CallOptions
  private let state = Mutex(State())

  init(client: InferenceServerClient, options: CallOptions) {
    self.client = client
    self.options = options
  }

  func cancel() {
    let (stream, place, writer, observation) = self.state.withLock { state in
      state.isOver = true
      return (state.stream, state.place, state.writer, state.observation)
    }
    writer?.cancel()
    stream?.cancel()
    place?.leave(.neutral)
    observation?.end(with: CancellationError())
  }

  func next<Requests: AsyncSequence & Sendable>(
    sending requests: Requests
  ) async throws -> StreamedResponse? where Requests.Element == InferenceRequest {
    try Task.checkCancellation()
    try self.beginReading()
    defer { self.state.withLock { $0.isBeingRead = false } }
    guard let stream = try await self.open(sending: requests) else { return nil }
    do {
      guard let message = try await self.read(from: stream) else {
        try await self.end(of: stream)
        return nil
      }
      self.state.withLock { $0.hasReceived = true }
      self.observation?.received(byteCount: message.byteCount)
      return try self.decode(message)
    } catch {
      self.observation?.end(with: error)
      self.state.withLock { $0.place }?.leave(AttemptVerdict((error as? InferenceError)?.code ?? .cancelled))
      throw error
    }
  }

  private var observation: CallObservation? {
    self.state.withLock { $0.observation }
  }

  /// The server's address; all of the client's before there is one.
  private var endpoint: String {
    self.state.withLock { $0.place?.endpoint.url } ?? self.client.url
  }

  /// The transport has room for one reader: a second one would take the first one's answer and leave it waiting.
  private func beginReading() throws {
    let isFree = self.state.withLock { state in
      defer { state.isBeingRead = true }
      return !state.isBeingRead
    }
    guard isFree else {
      throw InferenceError(
        code: .invalidArgument,
        message: """
          two tasks read one stream at the same time: read it in one task and hand the answers on, or give each \
          task a stream of its own
          """,
        endpoint: self.endpoint
      )
    }
  }

  private func open<Requests: AsyncSequence & Sendable>(
    sending requests: Requests
  ) async throws -> MessageStream? where Requests.Element == InferenceRequest {
    let (known, isOver) = self.state.withLock { ($0.stream, $0.isOver) }
    if isOver { return nil }
    if let known { return known }
    let observation = self.client.telemetry?.observe(CallSubject(method: .modelStreamInfer))
    let stream: MessageStream
    let place: StreamPlace
    do {
      (stream, place) = try await self.client.openStream(options: self.options, observation: observation)
    } catch {
      observation?.end(with: error)
      throw error
    }
    observation?.opensStream(at: place.endpoint)
    let isTooLate = self.state.withLock { state in
      state.stream = stream
      state.place = place
      state.observation = observation
      return state.isOver
    }
    if isTooLate { stream.cancel() }
    let writer = Task { await self.write(requests, to: stream) }
    self.state.withLock { $0.writer = writer }
    return stream
  }

  /// Sends requests until there are no more. A request that cannot be sent ends the stream: those after it may
  /// depend on it.
  private func write<Requests: AsyncSequence & Sendable>(
    _ requests: Requests,
    to stream: MessageStream
  ) async where Requests.Element == InferenceRequest {
    do {
      var count = 0
      for try await var request in requests {
        count += 1
        if request.id.isEmpty { request.id = "\(count)" }
        let message = try await self.client.streamedMessage(of: request, options: self.options)
        guard await stream.write(message) else { return }
        self.observation?.sent(byteCount: message.byteCount)
      }
      if count == 0 { self.state.withLock { $0.hasNoRequests = true } }
      stream.finishWriting()
    } catch {
      self.state.withLock { $0.writerError = error }
      stream.cancel()
    }
  }

  /// Waits for a message, at most as long as a call may take; `nil` at the end of the stream.
  private func read(from stream: MessageStream) async throws -> ReceivedMessage? {
    let timeout = self.options.timeout ?? self.client.configuration.timeout
    switch await stream.read(within: timeout) {
    case .message(let message): return message
    case .end: return nil
    case .late:
      try Task.checkCancellation()
      self.cancel()
      throw InferenceError(
        code: .deadlineExceeded,
        message: "no answer came on the stream within \(timeout); give it a longer timeout",
        endpoint: self.endpoint
      )
    }
  }

  /// Throws unless the stream ended as it should.
  private func end(of stream: MessageStream) async throws {
    let status = await stream.status()
    let (writer, writerError, isUnanswered) = self.state.withLock { state in
      state.isOver = true
      return (state.writer, state.writerError, !state.hasNoRequests && !state.hasReceived)
    }
    writer?.cancel()
    try Task.checkCancellation()
    if let writerError { throw writerError }
    if status.code == .ok, isUnanswered {
      // The client asks for a last answer to each request, so there is always one.
      throw InferenceError(
        code: .unavailable,
        message: "\(RPCMethod.modelStreamInfer.name) failed: the server ended the stream without any answer",
        endpoint: self.endpoint,
        attempt: 1,
        status: status
      )
    }
    guard status.code != .ok else {
      self.state.withLock { $0.place }?.leave(.success)
      self.observation?.end(.ok)
      return
    }
    throw InferenceError(
      status,
      call: RPCMethod.modelStreamInfer.name,
      model: nil,
      endpoint: self.endpoint,
      attempt: 1
    )
  }

  private func decode(_ message: ReceivedMessage) throws -> StreamedResponse {
    let (text, response) = try ResponseDecoder.decodeStreamed(message.pieces)
    let flag = response?.parameters["triton_final_response"]
    guard text.isEmpty, let response else {
      let status = RPCStatus(code: .unknown, message: text)
      return StreamedResponse(
        requestID: response?.id ?? "",
        result: .failure(
          InferenceError(
            status,
            call: RPCMethod.modelStreamInfer.name,
            model: response?.model,
            endpoint: self.endpoint,
            attempt: 1
          )
        ),
        // Requests refused before they reach a model are answered once and without the flag.
        isFinal: flag != .bool(false)
      )
    }
    return StreamedResponse(requestID: response.id, result: .success(response), isFinal: flag == .bool(true))
  }
}
