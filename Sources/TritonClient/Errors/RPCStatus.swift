// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// How a server, or the transport in its place, ended a call: a gRPC status.
public struct RPCStatus: Hashable, Sendable {
  /// A gRPC status code. Codes that this library does not know are kept.
  public struct Code: RawRepresentable, Hashable, Sendable {
    /// The number on the wire.
    public let rawValue: Int

    /// The code with a number.
    public init(rawValue: Int) {
      self.rawValue = rawValue
    }

    /// The call succeeded.
    public static let ok = Code(rawValue: 0)
    /// The call was cancelled.
    public static let cancelled = Code(rawValue: 1)
    /// The server did not say what went wrong.
    public static let unknown = Code(rawValue: 2)
    /// The request is wrong in itself.
    public static let invalidArgument = Code(rawValue: 3)
    /// Time ran out.
    public static let deadlineExceeded = Code(rawValue: 4)
    /// What was asked for does not exist.
    public static let notFound = Code(rawValue: 5)
    /// What was to be made exists.
    public static let alreadyExists = Code(rawValue: 6)
    /// The caller may not do this.
    public static let permissionDenied = Code(rawValue: 7)
    /// A quota, a queue or memory is used up.
    public static let resourceExhausted = Code(rawValue: 8)
    /// The server is not in the state that the call needs.
    public static let failedPrecondition = Code(rawValue: 9)
    /// The call lost against another one.
    public static let aborted = Code(rawValue: 10)
    /// A value is past the valid range.
    public static let outOfRange = Code(rawValue: 11)
    /// The server does not have this operation.
    public static let unimplemented = Code(rawValue: 12)
    /// Something is broken in the server or the transport.
    public static let internalError = Code(rawValue: 13)
    /// The server cannot be reached or does not take calls now.
    public static let unavailable = Code(rawValue: 14)
    /// Data was lost for good.
    public static let dataLoss = Code(rawValue: 15)
    /// The caller did not say who it is.
    public static let unauthenticated = Code(rawValue: 16)
  }

  /// The code.
  public let code: Code

  /// The text that came with it; may be empty.
  public let message: String

  /// A status with a code and a text.
  public init(code: Code, message: String) {
    self.code = code
    self.message = message
  }
}

extension RPCStatus.Code: CustomStringConvertible {
  /// The name in the gRPC specification, such as "UNAVAILABLE".
  public var description: String {
    let names = [
      "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
      "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE",
      "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
    ]
    return names.indices.contains(self.rawValue) ? names[self.rawValue] : "code \(self.rawValue)"
  }
}
