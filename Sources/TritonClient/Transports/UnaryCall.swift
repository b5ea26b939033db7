// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import CTritonTransport
import Synchronization

/// The status of a call that did not end with OK.
struct FailedStatus: Error {
  /// The status.
  let status: RPCStatus

  /// What the server said about another attempt; `nil` when it said nothing.
  var pushback: RetryPushback?
}

/// One call in flight: joins the shim's completion, which comes on the executor's thread, with the Swift task
/// that waits for it and may be cancelled meanwhile.
final class UnaryCall: Sendable {
  typealias Outcome = Result<ReceivedMessage, FailedStatus>

  /// Called with the context and the completion to hand to the shim; returns the shim's handle.
  typealias Start = (UnsafeMutableRawPointer, @escaping CTriton_UnaryCompletion) -> OpaquePointer?

  private struct State {
    var continuation: UnsafeContinuation<Void, Never>?
    /// Set before the continuation is resumed. It goes through the mutex because ThreadSanitizer does not see the
    /// order that a continuation makes when it is resumed before its task waits.
    var outcome: Outcome?
    /// Freed with this object: cancelling an ended call is allowed.
    var call: Handle?
    var isCancelled = false
  }

  /// The shim's call.
  ///
  /// `@unchecked Sendable`: the shim's functions may be called from any thread.
  private struct Handle: @unchecked Sendable {
    let pointer: OpaquePointer
  }

  private let state = Mutex(State())

  deinit {
    if let call = self.state.withLock({ $0.call }) { CTriton_call_destroy(call.pointer) }
  }

  /// Starts the call and waits for its end. Cancelling the task cancels the call.
  func run(_ start: Start) async -> Outcome {
    await withTaskCancellationHandler {
      // Resumed exactly once: whoever takes it out of the state resumes it.
      await withUnsafeContinuation { continuation in
        let isCancelled = self.state.withLock { state in
          if !state.isCancelled { state.continuation = continuation }
          return state.isCancelled
        }
        guard !isCancelled else {
          continuation.resume()
          return
        }
        self.begin(start)
      }
      return self.state.withLock { $0.outcome.take() } ?? UnaryCall.cancelledBeforeStart
    } onCancel: {
      self.cancel()
    }
  }

  /// Ends the call with CANCELLED, as cancelling the task that waits for it does. A call that has not been started
  /// ends before it is sent, one that has ended stays as it is.
  func cancel() {
    self.state.withLock { state in
      state.isCancelled = true
      if let call = state.call { CTriton_call_cancel(call.pointer) }
    }
  }

  /// The completion may come before the shim's function returns, and so may a cancellation: the call is then
  /// cancelled here, because nobody else has seen it.
  private func begin(_ start: Start) {
    let context = Unmanaged.passRetained(self).toOpaque()
    let pointer = start(context) { context, status, times, message in
      let call = Unmanaged<UnaryCall>.fromOpaque(context).takeRetainedValue()
      call.finish(UnaryCall.outcome(status.pointee, times: times.pointee, message: message))
    }
    guard let pointer else {
      Unmanaged<UnaryCall>.fromOpaque(context).release()
      let status = RPCStatus(code: .resourceExhausted, message: "no memory left to start the call")
      self.finish(.failure(FailedStatus(status: status)))
      return
    }
    self.state.withLock { state in
      state.call = Handle(pointer: pointer)
      if state.isCancelled { CTriton_call_cancel(pointer) }
    }
  }

  private func finish(_ outcome: Outcome) {
    let continuation = self.state.withLock { state in
      state.outcome = outcome
      return state.continuation.take()
    }
    continuation?.resume()
  }

  private static var cancelledBeforeStart: Outcome {
    .failure(FailedStatus(status: RPCStatus(code: .cancelled, message: "cancelled before it was sent")))
  }

  private static func outcome(
    _ status: CTriton_Status,
    times: CTriton_CallTimes,
    message: OpaquePointer?
  ) -> Outcome {
    if let message { return .success(ReceivedMessage(owning: message, times: TransferTimes(times))) }
    return .failure(FailedStatus(status: RPCStatus(status), pushback: RetryPushback(status)))
  }
}

extension TransferTimes {
  fileprivate init(_ times: CTriton_CallTimes) {
    self.init(
      sent: times.sent < 0 ? nil : .nanoseconds(times.sent),
      answered: times.answered < 0 ? nil : .nanoseconds(times.answered)
    )
  }
}

extension RetryPushback {
  /// What the server said; `nil` when it said nothing.
  fileprivate init?(_ status: CTriton_Status) {
    switch status.pushbackMilliseconds {
    case CTRITON_NO_PUSHBACK: return nil
    case 0...: self = .after(.milliseconds(status.pushbackMilliseconds))
    default: self = .never
    }
  }
}

extension RPCStatus {
  /// The status that the shim reports, whose text it keeps during the report only.
  init(_ status: CTriton_Status) {
    let text = UnsafeRawBufferPointer(start: status.message, count: status.messageByteCount)
    self.init(
      code: RPCStatus.Code(rawValue: Int(status.code)),
      message: String(decoding: text, as: UTF8.self)
    )
  }
}
