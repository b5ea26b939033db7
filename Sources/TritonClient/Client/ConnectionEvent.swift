// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// Something that happened between a client and one of its servers, so that an application can tell its user.
public struct ConnectionEvent: Sendable, Hashable {
  /// What happened. More may be added.
  public struct State: Hashable, Sendable, CustomStringConvertible {
    private enum Value: String {
      case connecting, ready, lost, ejected, returned
      case fallbackStarting, fallbackReady, fallbackFailed, fallbackLeft
    }

    private let value: Value

    private init(_ value: Value) {
      self.value = value
    }

    /// A connection is being made.
    public static var connecting: State { State(.connecting) }
    /// There is a connection.
    public static var ready: State { State(.ready) }
    /// The connection is gone, or none could be made. It is tried again by itself: at once for a call, and in the
    /// background where servers are watched.
    public static var lost: State { State(.lost) }
    /// The server failed its health checks: calls go to others where there are any.
    public static var ejected: State { State(.ejected) }
    /// The server passed a health check again.
    public static var returned: State { State(.returned) }
    /// No server is left, and the one on demand is being started.
    public static var fallbackStarting: State { State(.fallbackStarting) }
    /// The server on demand takes calls.
    public static var fallbackReady: State { State(.fallbackReady) }
    /// The server on demand could not be started.
    public static var fallbackFailed: State { State(.fallbackFailed) }
    /// Calls go to the first servers again.
    public static var fallbackLeft: State { State(.fallbackLeft) }

    /// The name of the static member.
    public var description: String { self.value.rawValue }
  }

  /// The server's address; the name of the server on demand as long as it has no address.
  public let endpoint: String

  /// What happened.
  public let state: State

  /// Why, where that is known.
  public let reason: String?

  /// An event.
  public init(endpoint: String, state: State, reason: String? = nil) {
    self.endpoint = endpoint
    self.state = state
    self.reason = reason
  }
}

extension ConnectionEvent: CustomStringConvertible {
  /// One line: the server, what happened and why.
  public var description: String {
    "\(self.endpoint): \(self.state)" + (self.reason.map { " (\($0))" } ?? "")
  }
}
