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
  init(
    address: ServerAddress,
    executor: InferenceExecutor,
    connectTimeout: Duration,
    maximumResponseByteCount: Int
  ) throws {
    self.address = address
    self.executor = executor
    let handle = "TritonClient-Swift".withCString { userAgent in
      var options = CTriton_ChannelOptions(
        maximumReceiveBytes: Int32(clamping: maximumResponseByteCount),
        connectTimeoutMilliseconds: Int32(clamping: connectTimeout.nanoseconds / 1_000_000),
        initialReconnectBackoffMilliseconds: 100,
        maximumReconnectBackoffMilliseconds: 5_000,
        usesProxy: !address.isLoopback,
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

  /// Sends one request and waits for its answer.
  ///
  /// - Returns: the answer, or the status that the call ended with.
  /// - Throws: `CancellationError` when the task is cancelled; the call is cancelled with it.
  func unary(
    _ description: CallDescription,
    message: OutgoingMessage
  ) async throws -> Result<ReceivedMessage, FailedStatus> {
    let call = UnaryCall()
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
