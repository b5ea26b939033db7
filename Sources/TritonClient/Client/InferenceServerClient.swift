// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import InferenceProtos
import SwiftProtobuf
import Synchronization

/// A client of an inference server that speaks KServe v2: Triton, or another one; or of several that have the same
/// models.
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
///
/// With several servers, each inference goes to one of them, and to another one when that does not answer. Calls that
/// change something at a server, such as to load a model, go to one server as well: make a client for each server to
/// change them all.
public final class InferenceServerClient: Sendable {
  /// The server's address as it was given; of several, all of them.
  public var url: String { self.pool.url }

  /// What holds for all calls.
  public let configuration: Configuration

  /// The executor on which a task is answered without a change of threads; see ``InferenceExecutor``.
  public var executor: InferenceExecutor { self.configuration.executor }

  let pool: ServerPool
  let signatures = SignatureCache()
  let telemetry: Telemetry?
  let inferences = Mutex(InferenceStatistics())
  let headers: Headers
  let window: CallWindow?

  /// A client of a server; nothing is sent yet.
  ///
  /// - Parameters:
  ///   - url: the server's address, `grpc://host:port`; the port is 8001 if absent. `dns:///host:port` stands for all
  ///     servers whose addresses the name has, now and later.
  ///   - configuration: what holds for all calls.
  /// - Throws: ``InferenceError`` with `invalidArgument` for an address or a header that cannot be.
  public convenience init(_ url: String, configuration: Configuration = .defaults) throws {
    try self.init([url], configuration: configuration)
  }

  /// A client of several servers that have the same models; nothing is sent yet.
  ///
  /// - Parameters:
  ///   - urls: the servers' addresses, each as for one server.
  ///   - fallback: a server that is started when none of the others is left, and left when one is back.
  ///   - configuration: what holds for all calls.
  /// - Throws: ``InferenceError`` with `invalidArgument` for an address or a header that cannot be.
  public convenience init(
    _ urls: [String],
    fallback: (any OnDemandServer)? = nil,
    configuration: Configuration = .defaults
  ) throws {
    try self.init(urls, fallback: fallback, configuration: configuration, resolver: SystemHostResolver())
  }

  package init(
    _ urls: [String],
    fallback: (any OnDemandServer)? = nil,
    configuration: Configuration,
    resolver: any HostResolver
  ) throws {
    var addresses: [ServerAddress] = []
    for address in try urls.map(ServerAddress.init) where !addresses.contains(address) {
      addresses.append(address)
    }
    guard let first = addresses.first else {
      throw InferenceError(code: .invalidArgument, message: "a client needs the address of a server")
    }
    self.configuration = configuration
    self.window = configuration.maximumCallsInFlight.map(CallWindow.init)
    self.headers = try Headers(configuration.headers)
    self.telemetry = Telemetry(
      configuration,
      address: first,
      url: addresses.map(\.url).joined(separator: ", ")
    )
    self.pool = try ServerPool(
      addresses,
      fallback: fallback,
      configuration: configuration,
      resolver: resolver
    )
  }

  /// Refuses further calls and closes the connections when the running calls have ended. A server on demand is
  /// stopped.
  public func close() {
    self.pool.close()
  }

  /// What becomes of the connections, from now on and after the latest event of each server, so that an application
  /// can tell its user. It ends with the client.
  ///
  /// An event that is not read in time is dropped when 256 newer ones wait.
  public func connectionEvents() -> AsyncStream<ConnectionEvent> {
    self.pool.events()
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
    let subject = CallSubject(method: method, model: model, isProbe: options.isProbe)
    let answer = try await self.send(message, for: subject, options: options)
    do {
      return try Response(serializedBytes: answer.message.contiguousBytes)
    } catch {
      throw InferenceError(
        code: .malformedResponse,
        message: "\(method.name) failed: the server's answer is no \(Response.protoMessageName)",
        model: model,
        endpoint: answer.endpoint.url,
        attempt: answer.attempts,
        underlyingError: error
      )
    }
  }
}
