// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Synchronization

/// Hands the events of a client's connections to all who listen.
final class ConnectionEventHub: Sendable {
  private struct State {
    var listeners: [Int: AsyncStream<ConnectionEvent>.Continuation] = [:]
    var count = 0
    /// What happened last to each server.
    var latest: [String: ConnectionEvent] = [:]
    var isEnded = false
  }

  /// Events that a listener may leave unread; the oldest of more are dropped.
  private static let maximumUnreadCount = 256

  private let state = Mutex(State())

  /// The events from now on, after the latest one of each server.
  func events() -> AsyncStream<ConnectionEvent> {
    let (events, continuation) = AsyncStream.makeStream(
      of: ConnectionEvent.self,
      bufferingPolicy: .bufferingNewest(ConnectionEventHub.maximumUnreadCount)
    )
    let number = self.state.withLock { state -> Int? in
      guard !state.isEnded else { return nil }
      for event in state.latest.values.sorted(by: { $0.endpoint < $1.endpoint }) { continuation.yield(event) }
      state.count += 1
      state.listeners[state.count] = continuation
      return state.count
    }
    guard let number else {
      continuation.finish()
      return events
    }
    continuation.onTermination = { [weak self] _ in
      _ = self?.state.withLock { $0.listeners.removeValue(forKey: number) }
    }
    return events
  }

  /// Tells everybody; what has not changed since the last event is told once.
  func send(_ event: ConnectionEvent) {
    self.state.withLock { state in
      guard !state.isEnded, state.latest[event.endpoint]?.state != event.state else { return }
      state.latest[event.endpoint] = event
      for listener in state.listeners.values { listener.yield(event) }
    }
  }

  /// Forgets a server that is no longer the client's.
  func forget(_ endpoint: String) {
    self.state.withLock { $0.latest[endpoint] = nil }
  }

  /// Whether anybody listens.
  var hasListeners: Bool { self.state.withLock { !$0.listeners.isEmpty } }

  /// Ends all listeners' sequences.
  func end() {
    let listeners = self.state.withLock { state in
      state.isEnded = true
      defer { state.listeners = [:] }
      return Array(state.listeners.values)
    }
    for listener in listeners { listener.finish() }
  }
}
