// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import CoreMetrics
import Logging
import Synchronization
import Tracing

/// One call as it is told to the log, the metrics and the tracer. It ends once.
final class CallObservation: Sendable {
  private let subject: CallSubject
  private let telemetry: Telemetry
  private let series: CallSeries?
  private let span: CallSpan?
  private let begin = MonotonicInstant.now
  private let isEnded = Atomic(false)
  private let attempts = Atomic(0)
  private let number: UInt64

  init(_ subject: CallSubject, number: UInt64, telemetry: Telemetry) {
    self.subject = subject
    self.telemetry = telemetry
    self.number = number
    self.series = telemetry.metrics?.series(of: subject)
    self.span = telemetry.tracer.map { CallSpan(subject, address: telemetry.address, tracer: $0) }
    self.series?.inFlight.increment()
  }

  /// Runs a call within its span, and ends the observation as the call ends.
  func whole(
    isolation: isolated (any Actor)? = #isolation,
    _ call: () async throws -> Answer
  ) async throws -> Answer {
    do {
      let answer =
        if let span = self.span {
          try await ServiceContext.withValue(span.context, operation: call)
        } else {
          try await call()
        }
      self.end(.ok)
      return answer
    } catch {
      self.end(with: error)
      throw error
    }
  }

  /// Whether there may be something to inject.
  var addsHeaders: Bool { self.telemetry.instrument != nil }

  /// Adds the headers that carry the span's context to the server.
  func inject(into headers: inout [String: String]) {
    guard let instrument = self.telemetry.instrument else { return }
    guard let context = self.span?.context ?? ServiceContext.current else { return }
    instrument.inject(context, into: &headers, using: HeaderInjector())
  }

  /// Runs one attempt.
  func attempt(
    _ number: Int,
    at endpoint: Endpoint,
    sending message: OutgoingMessage,
    isolation: isolated (any Actor)? = #isolation,
    _ attempt: () async throws -> Result<ReceivedMessage, FailedStatus>
  ) async throws -> Result<ReceivedMessage, FailedStatus> {
    self.span?.setServer(endpoint.address)
    self.attemptBegins(number, endpoint: endpoint, sentByteCount: message.byteCount)
    self.sent(byteCount: message.byteCount)
    do {
      let outcome = try await attempt()
      switch outcome {
      case .success(let received):
        self.received(byteCount: received.byteCount)
        self.attemptEnded(number, .ok, receivedByteCount: received.byteCount)
      case .failure(let failed):
        self.attemptEnded(number, failed.status.code, receivedByteCount: 0)
      }
      return outcome
    } catch {
      self.attemptEnded(number, RPCStatus.Code(endingWith: error), receivedByteCount: 0)
      throw error
    }
  }

  /// Notes that a stream is opened, which is done once.
  func opensStream(at endpoint: Endpoint) {
    self.span?.setServer(endpoint.address)
    self.attemptBegins(1, endpoint: endpoint, sentByteCount: nil)
  }

  private func attemptBegins(_ number: Int, endpoint: Endpoint, sentByteCount: Int?) {
    self.attempts.store(number, ordering: .relaxed)
    self.telemetry.logger?.trace(
      "attempt begins",
      metadata: self.metadata([
        ("attempt", "\(number)"), ("endpoint", endpoint.url), ("sent_bytes", sentByteCount.map { "\($0)" }),
      ])
    )
  }

  private func attemptEnded(_ number: Int, _ code: RPCStatus.Code, receivedByteCount: Int) {
    self.series?.countAttempt(code)
    self.telemetry.logger?.trace(
      "attempt ended",
      metadata: self.metadata([
        ("attempt", "\(number)"), ("code", "\(code)"), ("received_bytes", "\(receivedByteCount)"),
      ])
    )
  }

  func sent(byteCount: Int) {
    self.series?.sentBytes.increment(by: byteCount)
  }

  func received(byteCount: Int) {
    self.series?.receivedBytes.increment(by: byteCount)
  }

  /// The call failed and will be sent again.
  func retries(afterAttempt attempt: Int, failedWith error: InferenceError, pause: Duration) {
    let code = RPCStatus.Code(endingWith: error)
    self.span?.addRetry(afterAttempt: attempt, failedWith: code, pause: pause)
    self.telemetry.logger?.warning(
      "call failed and will be sent again",
      metadata: self.metadata([
        ("attempt", "\(attempt)"), ("code", "\(code)"), ("pause_ms", "\(pause.milliseconds)"),
        ("endpoint", error.endpoint), ("error", "\(error.message)"),
      ])
    )
  }

  /// Tells that the call failed; what comes after the first end is ignored.
  func end(with error: any Error) {
    self.end(RPCStatus.Code(endingWith: error), error: error)
  }

  /// Tells how the call ended; what comes after the first end is ignored.
  func end(_ code: RPCStatus.Code, error: (any Error)? = nil) {
    guard !self.isEnded.exchange(true, ordering: .relaxed) else { return }
    let attempts = self.attempts.load(ordering: .relaxed)
    if self.subject.method == .modelStreamInfer, attempts > 0 { self.series?.countAttempt(code) }
    let duration = MonotonicInstant.now - self.begin
    self.series?.inFlight.decrement()
    self.series?.countCall(code, duration: duration)
    self.span?.end(code, error: error)
    self.telemetry.logger?.debug(
      error == nil ? "call succeeded" : "call failed",
      metadata: self.metadata(
        [
          ("code", "\(code)"), ("duration_ms", "\(duration.milliseconds)"),
          ("attempts", "\(attempts)"), ("error", error.map { "\($0)" }),
        ]
      )
    )
  }

  /// What tells this call from others, and `details`. Evaluated only for levels that are logged.
  private func metadata(_ details: [(key: String, value: String?)]) -> Logger.Metadata {
    var metadata: Logger.Metadata = [
      "call": "\(self.number)",
      "method": "\(self.subject.method.name)",
      "server": "\(self.telemetry.url)",
    ]
    if let model = self.subject.model { metadata["model"] = "\(model)" }
    if let version = self.subject.version { metadata["version"] = "\(version)" }
    if !self.subject.requestID.isEmpty { metadata["request_id"] = "\(self.subject.requestID)" }
    for (key, value) in details {
      if let value { metadata[key] = "\(value)" }
    }
    return metadata
  }
}

extension Duration {
  /// Milliseconds, with a fraction.
  fileprivate var milliseconds: Double { Double(self.nanoseconds) / 1_000_000 }
}

extension RPCStatus.Code {
  /// The code for a call that ended with an error, also where no server or transport gave one.
  init(endingWith error: any Error) {
    switch error {
    case let error as InferenceError:
      self =
        if let status = error.status {
          status.code
        } else {
          switch error.code {
          case .closed: .failedPrecondition
          case .invalidArgument, .typeMismatch: .invalidArgument
          case .deadlineExceeded: .deadlineExceeded
          case .resourceExhausted: .resourceExhausted
          case .malformedResponse, .internalError: .internalError
          default: .unknown
          }
        }
    case is CancellationError: self = .cancelled
    default: self = .unknown
    }
  }

  /// Whether the gRPC specification has a name for the code.
  var isNamed: Bool { (0...16).contains(self.rawValue) }
}
