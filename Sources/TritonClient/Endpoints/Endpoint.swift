// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Synchronization

/// One server of a client: its address and the connection to it.
final class Endpoint: Sendable {
  /// What the pool's table calls it.
  let id: Int

  /// 0 for the servers that the client was given, 1 for the one on demand.
  let tier: Int

  /// The address.
  let address: ServerAddress

  /// The connection.
  let channel: GRPCChannel

  /// The calls in flight, where somebody watches the server and may find it gone.
  let calls: CallRegistry?

  private let watch = Mutex<Task<Void, Never>?>(nil)

  init(id: Int, tier: Int, address: ServerAddress, channel: GRPCChannel, isMonitored: Bool) {
    self.id = id
    self.tier = tier
    self.address = address
    self.channel = channel
    self.calls = isMonitored ? CallRegistry() : nil
  }

  deinit {
    self.watch.withLock { $0 }?.cancel()
  }

  /// The address as a person reads it.
  var url: String { self.address.url }

  /// Tells a hub what becomes of the connection, from now on; once.
  func report(to hub: ConnectionEventHub) {
    self.watch.withLock { watch in
      guard watch == nil else { return }
      let states = self.channel.states()
      let url = self.url
      watch = Task {
        var previous = ChannelState.idle
        for await state in states {
          let event = ConnectionEvent(endpoint: url, channelState: state, after: previous)
          previous = state
          if let event { hub.send(event) }
        }
      }
    }
  }

  /// Sends one request and waits for its answer.
  ///
  /// - Throws: `CancellationError` when the task is cancelled.
  func unary(
    _ description: CallDescription,
    message: OutgoingMessage
  ) async throws -> Result<ReceivedMessage, FailedStatus> {
    guard let calls = self.calls else { return try await self.channel.unary(description, message: message) }
    let call = UnaryCall()
    let (outcome, isAbandoned) = try await calls.run(call) {
      try await self.channel.unary(description, message: message, call: call)
    }
    guard isAbandoned, case .failure(let failed) = outcome, failed.status.code == .cancelled else {
      return outcome
    }
    let status = RPCStatus(code: .unavailable, message: "the server no longer passes its health checks")
    return .failure(FailedStatus(status: status))
  }
}

extension ConnectionEvent {
  /// `nil` for a state that nobody needs to hear of.
  init?(endpoint: String, channelState: ChannelState, after previous: ChannelState) {
    switch channelState {
    // What gRPC makes of a connection that ends while no call needs it.
    case .idle where previous == .ready: self.init(endpoint: endpoint, state: .lost)
    case .connecting: self.init(endpoint: endpoint, state: .connecting)
    case .ready: self.init(endpoint: endpoint, state: .ready)
    case .transientFailure: self.init(endpoint: endpoint, state: .lost)
    case .idle, .shutdown: return nil
    }
  }
}
