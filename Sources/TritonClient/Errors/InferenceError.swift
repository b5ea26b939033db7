// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// What went wrong with a call to an inference server, or before it was sent.
public struct InferenceError: Error, Sendable {
  /// What kind of failure it was. New kinds may be added.
  public struct Code: Hashable, Sendable {
    private enum Value: String {
      case invalidArgument, typeMismatch, modelNotFound, notFound, modelNotReady, unavailable
      case deadlineExceeded, cancelled, resourceExhausted, alreadyExists, permissionDenied
      case unauthenticated, unimplemented, internalError, malformedResponse, responseTooLarge, closed
    }

    private let value: Value

    private init(_ value: Value) {
      self.value = value
    }

    /// The request is wrong: an unknown input, a missing one, a wrong shape, an impossible address.
    public static var invalidArgument: Code { Code(.invalidArgument) }
    /// A tensor was given or read as another data type than it is.
    public static var typeMismatch: Code { Code(.typeMismatch) }
    /// The server has no such model or version.
    public static var modelNotFound: Code { Code(.modelNotFound) }
    /// Something else that was asked for does not exist.
    public static var notFound: Code { Code(.notFound) }
    /// The server knows the model but has not loaded it.
    public static var modelNotReady: Code { Code(.modelNotReady) }
    /// The server cannot be reached, is stopping or takes no calls now.
    public static var unavailable: Code { Code(.unavailable) }
    /// The time that was given is over.
    public static var deadlineExceeded: Code { Code(.deadlineExceeded) }
    /// The server or the connection ended the call; a cancelled Swift task throws `CancellationError`.
    public static var cancelled: Code { Code(.cancelled) }
    /// A queue, a quota or memory is used up.
    public static var resourceExhausted: Code { Code(.resourceExhausted) }
    /// What was to be made exists already.
    public static var alreadyExists: Code { Code(.alreadyExists) }
    /// The server does not allow this to this caller.
    public static var permissionDenied: Code { Code(.permissionDenied) }
    /// The server wants to know who is calling.
    public static var unauthenticated: Code { Code(.unauthenticated) }
    /// The server does not have this operation.
    public static var unimplemented: Code { Code(.unimplemented) }
    /// Something broke inside the server or the transport.
    public static var internalError: Code { Code(.internalError) }
    /// The answer contradicts itself or the protocol.
    public static var malformedResponse: Code { Code(.malformedResponse) }
    /// The answer is larger than the client takes.
    public static var responseTooLarge: Code { Code(.responseTooLarge) }
    /// The client was closed before the call.
    public static var closed: Code { Code(.closed) }
  }

  /// The kind of failure.
  public var code: Code

  /// What was asked for, what was expected and given, and what to try.
  public var message: String

  /// The model that the call was for.
  public var model: String?

  /// The server's address as it was given to the client.
  public var endpoint: String?

  /// How often the call was sent; 0 when it was refused before.
  public var attempt: Int

  /// The gRPC status that ended the last attempt.
  public var status: RPCStatus?

  /// Time after which another try makes sense, where that is known: when a circuit breaker is open.
  public var retryAfter: Duration?

  /// The error behind this one.
  public var underlyingError: (any Error)?

  /// An error with its details.
  public init(
    code: Code,
    message: String,
    model: String? = nil,
    endpoint: String? = nil,
    attempt: Int = 0,
    status: RPCStatus? = nil,
    retryAfter: Duration? = nil,
    underlyingError: (any Error)? = nil
  ) {
    self.code = code
    self.message = message
    self.model = model
    self.endpoint = endpoint
    self.attempt = attempt
    self.status = status
    self.retryAfter = retryAfter
    self.underlyingError = underlyingError
  }
}

extension InferenceError.Code: CustomStringConvertible {
  /// The name of the static member.
  public var description: String { self.value.rawValue }
}

extension InferenceError: CustomStringConvertible {
  /// One line: the message, then who was asked, how often and with which status.
  public var description: String {
    var details: [String] = []
    if let model = self.model { details.append("model \"\(model)\"") }
    if let endpoint = self.endpoint { details.append("server \(endpoint)") }
    if self.attempt > 1 { details.append("after \(self.attempt) attempts") }
    if let status = self.status { details.append("gRPC \(status.code)") }
    return details.isEmpty ? self.message : "\(self.message) (\(details.joined(separator: ", ")))"
  }
}
