// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import CTritonTransport

/// What a connection to a server is like, in gRPC's terms.
package enum ChannelState: Sendable, Hashable {
  /// There is no connection, and none is being made: no call has needed it yet, or it was lost and no call has needed
  /// it since.
  case idle

  /// A connection is being made.
  case connecting

  /// There is a connection.
  case ready

  /// No connection could be made. It is tried again after a pause.
  case transientFailure

  /// The channel is gone.
  case shutdown

  init(_ state: CTriton_ChannelState) {
    switch state {
    case CTriton_ChannelState_idle: self = .idle
    case CTriton_ChannelState_connecting: self = .connecting
    case CTriton_ChannelState_ready: self = .ready
    case CTriton_ChannelState_transientFailure: self = .transientFailure
    default: self = .shutdown
    }
  }
}

extension GRPCChannel {
  /// States that may be left unread; the oldest of more are dropped.
  private static let maximumUnreadStates = 64

  /// What shim and sequence share. The shim holds the reference until its watch has ended.
  private final class Listener: Sendable {
    let continuation: AsyncStream<ChannelState>.Continuation

    init(_ continuation: AsyncStream<ChannelState>.Continuation) {
      self.continuation = continuation
    }
  }

  /// The state of the connection, now and whenever it changes; what lasts too short may be left out.
  ///
  /// The sequence ends with the channel, which it does not keep, when the channel's last call has ended.
  func states() -> AsyncStream<ChannelState> {
    let (states, continuation) = AsyncStream.makeStream(
      of: ChannelState.self,
      bufferingPolicy: .bufferingNewest(GRPCChannel.maximumUnreadStates)
    )
    let context = Unmanaged.passRetained(Listener(continuation))
    var events = CTriton_ChannelEvents(
      onState: { context, state in
        let listener = Unmanaged<Listener>.fromOpaque(context).takeUnretainedValue()
        if case .terminated = listener.continuation.yield(ChannelState(state)) { return false }
        return true
      },
      onEnd: { context in
        Unmanaged<Listener>.fromOpaque(context).takeRetainedValue().continuation.finish()
      }
    )
    if !self.watch(context: context.toOpaque(), events: &events) {
      context.release()
      continuation.finish()
    }
    return states
  }
}
