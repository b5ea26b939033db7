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
  /// What holds for all calls of a client.
  public struct Configuration: Sendable {
    /// Time for a call, all attempts and pauses included. 30 seconds unless set.
    public var timeout: Duration

    /// Whether and when a call is sent again. Exponential backoff, four attempts, unless set.
    public var retry: RetryPolicy

    /// Longest time for one attempt to connect. 5 seconds unless set.
    public var connectTimeout: Duration

    /// How requests are compressed. Not at all unless set.
    public var compression: Compression

    /// Headers sent with every call.
    public var headers: [String: String]

    /// Most calls in flight at a time; those beyond wait in the order in which they came, within their timeout.
    /// No limit unless set. Streams do not count.
    public var maximumCallsInFlight: Int?

    /// Largest answer that is taken, in bytes. 2 GiB, the most that gRPC can carry, unless set.
    public var maximumResponseByteCount: Int

    /// Whether requests are compared with the model's signature before they are sent. On unless set: the
    /// signature is fetched once for each model.
    public var validatesRequests: Bool

    /// Whose thread waits for the server. ``InferenceExecutor/shared`` unless set.
    public var executor: InferenceExecutor

    /// Every field as described there.
    public static let defaults = Configuration()

    /// A configuration.
    public init(
      timeout: Duration = .seconds(30),
      retry: RetryPolicy = .exponentialBackoff(),
      connectTimeout: Duration = .seconds(5),
      compression: Compression = .none,
      headers: [String: String] = [:],
      maximumCallsInFlight: Int? = nil,
      maximumResponseByteCount: Int = Int(Int32.max),
      validatesRequests: Bool = true,
      executor: InferenceExecutor = .shared
    ) {
      self.timeout = timeout
      self.retry = retry
      self.connectTimeout = connectTimeout
      self.compression = compression
      self.headers = headers
      self.maximumCallsInFlight = maximumCallsInFlight
      self.maximumResponseByteCount = maximumResponseByteCount
      self.validatesRequests = validatesRequests
      self.executor = executor
    }
  }

  /// The server's address as it was given.
  public var url: String { self.address.url }

  /// What holds for all calls.
  public let configuration: Configuration

  /// The executor on which a task is answered without a change of threads; see ``InferenceExecutor``.
  public var executor: InferenceExecutor { self.configuration.executor }

  let address: ServerAddress
  let signatures = SignatureCache()
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
    _ = try Headers(configuration.headers)
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
    let received = try await self.send(message, to: method, model: model, options: options)
    do {
      return try Response(serializedBytes: received.contiguousBytes)
    } catch {
      throw InferenceError(
        code: .malformedResponse,
        message: "\(method.name) failed: the server's answer is no \(Response.protoMessageName)",
        model: model,
        endpoint: self.url,
        attempt: 1,
        underlyingError: error
      )
    }
  }

  /// Sends a message, again where the policy says so, all within one deadline.
  func send(
    _ message: OutgoingMessage,
    to method: RPCMethod,
    model: String?,
    options: CallOptions
  ) async throws -> ReceivedMessage {
    let policy = options.retry ?? self.configuration.retry
    let headers = try Headers(self.configuration.headers.merging(options.headers) { _, call in call })
    let deadline = ContinuousClock.now + (options.timeout ?? self.configuration.timeout)
    var random = SystemRandomNumberGenerator()
    var attempt = 0
    while true {
      attempt += 1
      try Task.checkCancellation()
      let remaining = ContinuousClock.now.duration(to: deadline)
      let description = CallDescription(
        method: method,
        headers: headers,
        timeout: remaining,
        compression: options.compression ?? self.configuration.compression
      )
      let outcome = try await self.attempt(description, message: message)
      switch outcome {
      case .success(let received):
        return received
      case .failure(let failed):
        let error = InferenceError(
          failed.status,
          call: method.name,
          model: model,
          endpoint: self.url,
          attempt: attempt
        )
        let pause = policy.pause(
          afterAttempt: attempt,
          failedWith: error.code,
          remaining: ContinuousClock.now.duration(to: deadline),
          using: &random
        )
        guard let pause else { throw error }
        try await Task.sleep(for: pause)
      }
    }
  }

  /// Sends a message once, when the window has a place for it.
  private func attempt(
    _ description: CallDescription,
    message: OutgoingMessage
  ) async throws -> Result<ReceivedMessage, FailedStatus> {
    let channel = try self.openChannel(for: description.method)
    guard let window = self.window else { return try await channel.unary(description, message: message) }
    let begin = ContinuousClock.now
    return try await window.withPlace {
      let waited = ContinuousClock.now - begin
      return try await channel.unary(description.shortened(by: waited), message: message)
    }
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
