// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import InMemoryTracing
import Tracing

/// A tracer that keeps its spans in memory and hands their context on as W3C Trace Context has it.
struct W3CTracer: Tracer {
  static let traceID = "0af7651916cd43dd8448eb211c80319c"
  static let spanID = "b7ad6b7169203331"

  let spans = InMemoryTracer(
    idGenerator: .init(nextTraceID: { W3CTracer.traceID }, nextSpanID: { W3CTracer.spanID }))

  func startSpan<Instant: TracerInstant>(
    _ operationName: String,
    context: @autoclosure () -> ServiceContext,
    ofKind kind: SpanKind,
    at instant: @autoclosure () -> Instant,
    function: String,
    file fileID: String,
    line: UInt
  ) -> InMemorySpan {
    self.spans.startSpan(
      operationName, context: context(), ofKind: kind, at: instant(), function: function, file: fileID,
      line: line)
  }

  func forceFlush() {}

  func inject<Carrier, Inject: Injector>(
    _ context: ServiceContext,
    into carrier: inout Carrier,
    using injector: Inject
  ) where Inject.Carrier == Carrier {
    guard let span = context.inMemorySpanContext else { return }
    injector.inject("00-\(span.traceID)-\(span.spanID)-01", forKey: "traceparent", into: &carrier)
  }

  func extract<Carrier, Extract: Extractor>(
    _ carrier: Carrier,
    into context: inout ServiceContext,
    using extractor: Extract
  ) where Extract.Carrier == Carrier {}
}
