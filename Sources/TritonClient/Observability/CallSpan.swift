// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Tracing

/// Names of a span's attributes: OpenTelemetry's for remote procedure calls, and those that Triton gives its own
/// spans for the model.
enum SpanAttributeName {
  static let system = "rpc.system"
  static let service = "rpc.service"
  static let method = "rpc.method"
  static let statusCode = "rpc.grpc.status_code"
  static let serverAddress = "server.address"
  static let serverPort = "server.port"
  static let errorType = "error.type"
  static let model = "triton.model_name"
  static let modelVersion = "triton.model_version"
  static let requestID = "triton.request_id"
  static let attempt = "triton.attempt"
  static let pause = "triton.retry.pause_seconds"
}

/// The span of one call.
struct CallSpan: Sendable {
  private let span: any Span

  init(_ subject: CallSubject, address: ServerAddress, tracer: any Tracer) {
    self.span = tracer.startSpan("\(RPCService.name)/\(subject.method.name)", ofKind: .client)
    guard self.span.isRecording else { return }
    self.setServer(address)
    self.span.updateAttributes { attributes in
      attributes[SpanAttributeName.system] = "grpc"
      attributes[SpanAttributeName.service] = RPCService.name
      attributes[SpanAttributeName.method] = subject.method.name
      if let model = subject.model { attributes[SpanAttributeName.model] = model }
      if let version = subject.version { attributes[SpanAttributeName.modelVersion] = version }
      if !subject.requestID.isEmpty { attributes[SpanAttributeName.requestID] = subject.requestID }
    }
  }

  /// Names the server that is asked; of several attempts, the last one's stays.
  func setServer(_ address: ServerAddress) {
    guard self.span.isRecording else { return }
    self.span.updateAttributes { attributes in
      attributes[SpanAttributeName.serverAddress] = address.host
      attributes[SpanAttributeName.serverPort] = address.port
    }
  }

  var context: ServiceContext { self.span.context }

  /// Notes that the call is about to be sent again.
  func addRetry(afterAttempt attempt: Int, failedWith code: RPCStatus.Code, pause: Duration) {
    guard self.span.isRecording else { return }
    self.span.addEvent(
      SpanEvent(
        name: "retry",
        attributes: [
          SpanAttributeName.attempt: .int64(Int64(attempt)),
          SpanAttributeName.statusCode: .int64(Int64(code.rawValue)),
          SpanAttributeName.pause: .double(pause / .seconds(1)),
        ]
      )
    )
  }

  func end(_ code: RPCStatus.Code, error: (any Error)?) {
    if self.span.isRecording {
      self.span.attributes[SpanAttributeName.statusCode] = code.rawValue
      if let error {
        self.span.attributes[SpanAttributeName.errorType] = code.description
        self.span.recordError(error)
        self.span.setStatus(SpanStatus(code: .error, message: "\(error)"))
      }
    }
    self.span.end()
  }
}

/// Puts what an instrument says of a context, such as "traceparent", into a call's headers.
struct HeaderInjector: Injector {
  func inject(_ value: String, forKey key: String, into headers: inout [String: String]) {
    // An instrument must not be able to make a call fail by words that no header can carry.
    guard (try? Headers([key: value])) != nil else { return }
    headers[key.lowercased()] = value
  }
}
