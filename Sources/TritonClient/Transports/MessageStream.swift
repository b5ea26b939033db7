// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import CTritonTransport
import Synchronization

/// A stream of messages in both directions over libgrpc++.
///
/// One task reads and one task writes. What they wait for is answered on the executor's thread; each wait is a
/// continuation that is taken out of the state before it is resumed, so that none is resumed twice.
final class MessageStream: Sendable {
  /// What a read brings.
  enum Reading: Sendable {
    case message(ReceivedMessage)
    case end
    /// No message came in time, and the stream is over.
    case late
  }

  private struct State {
    var reader: CheckedContinuation<Void, Never>?
    /// Set before the reader is resumed. It goes through the mutex because ThreadSanitizer does not see the order
    /// that a continuation makes when it is resumed before its task waits.
    var reading: Reading?
    var writer: CheckedContinuation<Bool, Never>?
    var listeners: [CheckedContinuation<RPCStatus, Never>] = []
    var end: RPCStatus?
  }

  /// The shim's handle, which cancels the stream when it goes.
  ///
  /// `@unchecked Sendable`: the handle is set once and the shim's functions may be called from any thread.
  private final class Handle: @unchecked Sendable {
    let pointer: OpaquePointer

    init(owning pointer: OpaquePointer) {
      self.pointer = pointer
    }

    deinit {
      CTriton_stream_destroy(self.pointer)
    }
  }

  /// What the executor's thread and the tasks share. The shim holds one reference until the stream has ended.
  private final class Exchange: Sendable {
    let state = Mutex(State())

    func finishRead(_ reading: Reading) {
      let reader = self.state.withLock { state in
        state.reading = reading
        return state.reader.take()
      }
      reader?.resume()
    }

    func finishWrite(_ isWritten: Bool) {
      let writer = self.state.withLock { state in
        state.writer.take()
      }
      writer?.resume(returning: isWritten)
    }

    func end(_ status: RPCStatus) {
      let listeners = self.state.withLock { state in
        state.end = status
        defer { state.listeners = [] }
        return state.listeners
      }
      for listener in listeners { listener.resume(returning: status) }
    }
  }

  private let exchange: Exchange
  private let handle: Handle
  /// Keeps the executor, without which nothing may be read or written.
  private let channel: GRPCChannel

  /// Starts a stream; `nil` when memory is exhausted.
  init?(_ description: CallDescription, on channel: GRPCChannel) {
    let exchange = Exchange()
    let context = Unmanaged.passRetained(exchange)
    let events = CTriton_StreamEvents(
      onRead: { context, message, isLate in
        let reading = message.map { Reading.message(ReceivedMessage(owning: $0)) }
        Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
          .finishRead(reading ?? (isLate ? .late : .end))
      },
      onWrite: { context, isWritten in
        Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue().finishWrite(isWritten)
      },
      onEnd: { context, status in
        Unmanaged<Exchange>.fromOpaque(context).takeRetainedValue().end(RPCStatus(status.pointee))
      }
    )
    guard let pointer = channel.stream(description, context: context.toOpaque(), events: events) else {
      context.release()
      return nil
    }
    self.channel = channel
    self.exchange = exchange
    self.handle = Handle(owning: pointer)
  }

  /// The next message. Cancelling the task cancels the stream, and so does a message that takes longer than
  /// `timeout`.
  func read(within timeout: Duration) async -> Reading {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        self.exchange.state.withLock { $0.reader = continuation }
        let isStarted = CTriton_stream_read(self.handle.pointer, max(timeout.nanoseconds, 0))
        if !isStarted { self.exchange.finishRead(.end) }
      }
      return self.exchange.state.withLock { $0.reading.take() } ?? .end
    } onCancel: {
      self.cancel()
    }
  }

  /// Sends a message and waits until gRPC has taken it, which is when the connection has room for it.
  ///
  /// - Returns: `false` if the stream has ended.
  func write(_ message: OutgoingMessage) async -> Bool {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        self.exchange.state.withLock { $0.writer = continuation }
        let isStarted = message.withSlices { slices in
          CTriton_stream_write(self.handle.pointer, slices.baseAddress, slices.count)
        }
        if !isStarted { self.exchange.finishWrite(false) }
      }
    } onCancel: {
      self.cancel()
    }
  }

  /// Tells the server that no message follows.
  func finishWriting() {
    CTriton_stream_finish_writing(self.handle.pointer)
  }

  /// Ends the stream with CANCELLED.
  func cancel() {
    CTriton_stream_cancel(self.handle.pointer)
  }

  /// How the stream ended, once ``read(within:)`` has found its end.
  func status() async -> RPCStatus {
    await withCheckedContinuation { continuation in
      let end = self.exchange.state.withLock { state in
        if state.end == nil { state.listeners.append(continuation) }
        return state.end
      }
      if let end { continuation.resume(returning: end) }
    }
  }
}
