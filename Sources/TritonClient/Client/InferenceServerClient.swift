// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import InferenceProtos
import SwiftProtobuf
import Synchronization

/// A client of one inference server that speaks KServe v2: Triton, or another one.
///
/// A client may be used from any number of tasks at once. It connects when the first call needs it. Cancelling
/// the task that waits for a call cancels the call, which then throws `CancellationError`; every other failure
/// is an ``InferenceError``.
///
/// ```swift
/// let client = try InferenceServerClient("grpc://localhost:8001")
/// var request = InferenceRequest(model: "unet")
/// request.inputs = ["sample": latents, "timestep": timestep, "encoder_hidden_states": context]
/// let noise = try await client.infer(request, timeout: .seconds(5)).output("noise_pred")
/// ```
public final class InferenceServerClient: Sendable {
  /// The server's address as it was given.
  public var url: String { self.address.url }

  /// What holds for all calls.
  public let configuration: Configuration

  /// The executor on which a task is answered without a change of threads; see ``InferenceExecutor``.
  public var executor: InferenceExecutor { self.configuration.executor }

  let address: ServerAddress
  let signatures = SignatureCache()
  let telemetry: Telemetry?
  let inferences = Mutex(InferenceStatistics())
  private let headers: Headers
  private let window: CallWindow?
  private let channel: Mutex<GRPCChannel?>

  /// A client of a server; nothing is sent yet.
  ///
  /// - Parameters:
  ///   - url: the server's address, `grpc://host:port`; the port is 8001 if absent.
  ///   - configuration: what holds for all calls.
  /// - Throws: ``InferenceError`` with `invalidArgument` for an address or a header that cannot be.
  public init(_ url: String, configuration: Configuration = .defaults) throws {
    self.address = try ServerAddress(url)
    self.configuration = configuration
    self.window = configuration.maximumCallsInFlight.map(CallWindow.init)
    self.headers = try Headers(configuration.headers)
    self.telemetry = Telemetry(configuration, address: self.address)
    let channel = try GRPCChannel(
      address: self.address,
      executor: configuration.executor,
      connectTimeout: configuration.connectTimeout,
      maximumResponseByteCount: configuration.maximumResponseByteCount
    )
    self.channel = Mutex(channel)
  }

  /// Refuses further calls and closes the connection when the running ones have ended.
  public func close() {
    self.channel.withLock { $0 = nil }
  }

  /// Calls a method whose messages carry no tensors.
  func call<Request: Message, Response: Message>(
    _ method: RPCMethod,
    _ request: Request,
    returning: Response.Type = Response.self,
    model: String? = nil,
    options: CallOptions
  ) async throws -> Response {
    let message = OutgoingMessage(bytes: try request.serializedBytes())
    let subject = CallSubject(method: method, model: model)
    let answer = try await self.send(message, for: subject, options: options)
    do {
      return try Response(serializedBytes: answer.message.contiguousBytes)
    } catch {
      throw InferenceError(
        code: .malformedResponse,
        message: "\(method.name) failed: the server's answer is no \(Response.protoMessageName)",
        model: model,
        endpoint: self.url,
        attempt: answer.attempts,
        underlyingError: error
      )
    }
  }

  /// Sends a message, again where the policy says so, all within one deadline.
  func send(_ message: OutgoingMessage, for subject: CallSubject, options: CallOptions) async throws -> Answer
  {
    guard let telemetry = self.telemetry else {
      return try await self.sendUntilAnswered(message, for: subject, options: options, observation: nil)
    }
    let observation = telemetry.observe(subject)
    return try await observation.whole {
      try await self.sendUntilAnswered(message, for: subject, options: options, observation: observation)
    }
  }

  private func sendUntilAnswered(
    _ message: OutgoingMessage,
    for subject: CallSubject,
    options: CallOptions,
    observation: CallObservation?
  ) async throws -> Answer {
    let policy = options.retry ?? self.configuration.retry
    let headers = try self.headers(for: options, observation: observation)
    let begin = MonotonicInstant.now
    let deadline = begin + (options.timeout ?? self.configuration.timeout)
    var random = SystemRandomNumberGenerator()
    var attempt = 0
    var attemptBegin = begin
    while true {
      attempt += 1
      try Task.checkCancellation()
      let description = CallDescription(
        method: subject.method,
        headers: headers,
        timeout: deadline - attemptBegin,
        compression: options.compression ?? self.configuration.compression,
        isTimed: self.configuration.timesTransfers
      )
      let outcome =
        if self.window == nil, observation == nil {
          // The plain case, without the functions between.
          try await self.openChannel(for: subject.method).unary(description, message: message)
        } else {
          try await self.attempt(
            description,
            message: message,
            begin: &attemptBegin,
            number: attempt,
            observation: observation
          )
        }
      let end = MonotonicInstant.now
      switch outcome {
      case .success(let received):
        return Answer(message: received, attempts: attempt, sendBegin: attemptBegin, receiveEnd: end)
      case .failure(let failed):
        let error = InferenceError(
          failed.status,
          call: subject.method.name,
          model: subject.model,
          endpoint: self.url,
          attempt: attempt
        )
        let pause = policy.pause(
          afterAttempt: attempt,
          failedWith: error.code,
          remaining: deadline - end,
          using: &random
        )
        guard let pause else { throw error }
        observation?.retries(afterAttempt: attempt, failedWith: error, pause: pause)
        try await Task.sleep(for: pause)
        attemptBegin = MonotonicInstant.now
      }
    }
  }

  /// Sends a message once, when the window has a place for it; `begin` becomes the instant when it had.
  private func attempt(
    _ description: CallDescription,
    message: OutgoingMessage,
    begin: inout MonotonicInstant,
    number: Int,
    observation: CallObservation?
  ) async throws -> Result<ReceivedMessage, FailedStatus> {
    let channel = try self.openChannel(for: description.method)
    guard let window = self.window else {
      return try await self.attempt(description, message, on: channel, number: number, observation)
    }
    let arrival = begin
    do {
      let deadline = arrival + (description.timeout ?? self.configuration.timeout)
      let (outcome, sendBegin) = try await window.withPlace(before: deadline) {
        let sendBegin = MonotonicInstant.now
        let description = description.shortened(by: sendBegin - arrival)
        let outcome = try await self.attempt(description, message, on: channel, number: number, observation)
        return (outcome, sendBegin)
      }
      begin = sendBegin
      return outcome
    } catch is CallWindow.Full {
      throw InferenceError(
        code: .deadlineExceeded,
        message: """
          \(description.method.name) was not sent: none of the client's places for calls in flight became free \
          within the timeout; allow more time or more calls in flight
          """,
        endpoint: self.url,
        attempt: number - 1
      )
    }
  }

  private func attempt(
    _ description: CallDescription,
    _ message: OutgoingMessage,
    on channel: GRPCChannel,
    number: Int,
    _ observation: CallObservation?
  ) async throws -> Result<ReceivedMessage, FailedStatus> {
    guard let observation else { return try await channel.unary(description, message: message) }
    return try await observation.attempt(number, sending: message) {
      try await channel.unary(description, message: message)
    }
  }

  /// The client's headers and the call's. What a header is set to by hand counts more than what a tracer adds.
  func headers(for options: CallOptions, observation: CallObservation?) throws -> Headers {
    if options.headers.isEmpty, observation?.addsHeaders != true { return self.headers }
    var headers: [String: String] = [:]
    observation?.inject(into: &headers)
    for pair in self.headers.pairs { headers[pair.key] = pair.value }
    for (name, value) in options.headers { headers[name.lowercased()] = value }
    return try Headers(headers)
  }

  func openChannel(for method: RPCMethod) throws -> GRPCChannel {
    guard let channel = self.channel.withLock({ $0 }) else {
      throw InferenceError(
        code: .closed,
        message: "\(method.name) failed: the client was closed",
        endpoint: self.url
      )
    }
    return channel
  }
}
