// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import CTritonTransport

/// A connection to one server over libgrpc++. It connects when first used and again after a loss.
///
/// `@unchecked Sendable`: the handle is set once and the shim's functions may be called from any thread.
final class GRPCChannel: @unchecked Sendable {
  private let handle: OpaquePointer

  /// Where calls report. It must not stop while there may be another call.
  private let executor: InferenceExecutor

  /// The server's address.
  let address: ServerAddress

  /// - Parameters:
  ///   - address: the server.
  ///   - executor: where calls report.
  ///   - connectTimeout: longest time for one attempt to connect.
  ///   - maximumResponseByteCount: largest message taken from the server, in bytes.
  ///   - keepalive: whether and how it is found out that the server no longer answers.
  init(
    address: ServerAddress,
    executor: InferenceExecutor,
    connectTimeout: Duration,
    maximumResponseByteCount: Int,
    keepalive: Keepalive? = nil
  ) throws {
    self.address = address
    self.executor = executor
    let handle = "TritonClient-Swift".withCString { userAgent in
      var options = CTriton_ChannelOptions(
        maximumReceiveBytes: Int32(clamping: maximumResponseByteCount),
        connectTimeoutMilliseconds: connectTimeout.clampedMilliseconds,
        initialReconnectBackoffMilliseconds: 100,
        maximumReconnectBackoffMilliseconds: 5_000,
        usesProxy: !address.isLoopback,
        keepaliveIntervalMilliseconds: keepalive?.interval.clampedMilliseconds ?? -1,
        keepaliveTimeoutMilliseconds: keepalive?.timeout.clampedMilliseconds ?? 0,
        keepsAliveWithoutCalls: keepalive?.withoutCalls ?? false,
        userAgent: userAgent
      )
      return CTriton_channel_create(address.target, &options, executor.loop)
    }
    guard let handle else {
      throw InferenceError(
        code: .internalError,
        message: "gRPC could not make a channel",
        endpoint: address.url
      )
    }
    self.handle = handle
  }

  deinit {
    CTriton_channel_destroy(self.handle)
  }

  /// Connects if there is no connection, and at once where the next attempt would wait.
  func connect() {
    CTriton_channel_connect(self.handle)
  }

  /// Starts to watch the connection's state; `false` if that cannot be.
  func watch(context: UnsafeMutableRawPointer, events: inout CTriton_ChannelEvents) -> Bool {
    CTriton_channel_watch(self.handle, context, &events)
  }

  /// Sends one request and waits for its answer.
  ///
  /// - Parameters:
  ///   - description: what the call is and how it is sent.
  ///   - message: the request.
  ///   - call: the call, for those who may want to cancel it; used once.
  /// - Returns: the answer, or the status that the call ended with.
  /// - Throws: `CancellationError` when the task is cancelled; the call is cancelled with it.
  func unary(
    _ description: CallDescription,
    message: OutgoingMessage,
    call: UnaryCall = UnaryCall()
  ) async throws -> Result<ReceivedMessage, FailedStatus> {
    let result = await call.run { context, completion in
      message.withSlices { slices in
        description.withCDescription { description in
          CTriton_call_start_unary(
            self.handle,
            description,
            slices.baseAddress,
            slices.count,
            context,
            completion
          )
        }
      }
    }
    if case .failure(let failed) = result, failed.status.code == .cancelled {
      try Task.checkCancellation()
    }
    return result
  }

  /// Starts a stream of messages in both directions.
  func stream(
    _ description: CallDescription,
    context: UnsafeMutableRawPointer,
    events: CTriton_StreamEvents
  ) -> OpaquePointer? {
    var events = events
    return description.withCDescription { description in
      CTriton_stream_start(self.handle, description, context, &events)
    }
  }
}

extension Duration {
  /// Whole milliseconds as the shim takes them.
  fileprivate var clampedMilliseconds: Int32 { Int32(clamping: self.nanoseconds / 1_000_000) }
}
