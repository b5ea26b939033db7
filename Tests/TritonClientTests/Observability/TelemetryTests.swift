// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import CoreMetrics
import InMemoryLogging
import InMemoryTracing
import Logging
import MetricsTestKit
import Testing
import Tracing

@testable import TritonClient

/// What a client tells of calls that fail; no server is needed for that.
@Suite struct TelemetryTests {
  /// Nothing listens on the discard port.
  private static let deadServer = "grpc://127.0.0.1:9"

  private let observers = Observers()

  private let retries = RetryPolicy.exponentialBackoff(
    initial: .milliseconds(1), multiplier: 1, cap: .milliseconds(1), maxAttempts: 3)

  private func fail(_ configuration: InferenceServerClient.Configuration) async throws -> InferenceError {
    let client = try InferenceServerClient(TelemetryTests.deadServer, configuration: configuration)
    let request = InferenceRequest(
      model: "unet", version: "3", id: "step 7", inputs: ["x": Tensor([1 as Float])])
    let error = await #expect(throws: InferenceError.self) { _ = try await client.infer(request) }
    return try #require(error)
  }

  @Test func aClientThatNobodyWatchesHasNoTelemetry() throws {
    let client = try InferenceServerClient("localhost")
    #expect(client.telemetry == nil)
    let silenced = try InferenceServerClient(
      "localhost",
      configuration: .init(metrics: NOOPMetricsHandler.instance, tracer: NoOpTracer())
    )
    #expect(silenced.telemetry == nil)
  }

  @Test func oneObserverIsEnough() throws {
    let logged = try InferenceServerClient(
      "localhost", configuration: .init(logger: Logger(label: "test") { _ in self.observers.log }))
    #expect(logged.telemetry?.logger != nil)
    #expect(logged.telemetry?.metrics == nil)
    #expect(logged.telemetry?.tracer == nil)
    let counted = try InferenceServerClient(
      "localhost", configuration: .init(metrics: self.observers.metrics))
    #expect(counted.telemetry?.metrics != nil)
    let traced = try InferenceServerClient("localhost", configuration: .init(tracer: self.observers.tracer))
    #expect(traced.telemetry?.tracer != nil)
  }

  @Test func eachLevelOfTheLogHasItsEvents() async throws {
    let error = try await self.fail(self.observers.configuration(retry: self.retries))
    #expect(error.attempt == 3)
    #expect(
      self.observers.messages(.trace)
        == Array(repeating: ["attempt begins", "attempt ended"], count: 3).flatMap { $0 })
    #expect(self.observers.messages(.warning) == ["call failed and will be sent again"].doubled)
    #expect(self.observers.messages(.debug) == ["call failed"])
    let call = try #require(self.observers.log.entries.last)
    #expect(call.metadata["method"] == "ModelInfer")
    #expect(call.metadata["model"] == "unet")
    #expect(call.metadata["version"] == "3")
    #expect(call.metadata["request_id"] == "step 7")
    #expect(call.metadata["server"] == "grpc://127.0.0.1:9")
    #expect(call.metadata["code"] == "UNAVAILABLE")
    #expect(call.metadata["attempts"] == "3")
    #expect(self.observers.log.entries.allSatisfy { $0.metadata["call"] == "1" })
    let retry = try #require(self.observers.log.entries.first { $0.level == .warning })
    #expect(retry.metadata["attempt"] == "1")
    #expect(retry.metadata["pause_ms"] != nil)
  }

  @Test func aHigherLevelLeavesTheRestOut() async throws {
    _ = try await self.fail(self.observers.configuration(logLevel: .warning, retry: self.retries))
    #expect(Set(self.observers.log.entries.map(\.level)) == [.warning])
  }

  @Test func secretsInHeadersReachNoObserver() async throws {
    let client = try InferenceServerClient(
      TelemetryTests.deadServer,
      configuration: self.observers.configuration(
        retry: self.retries, headers: ["authorization": "Bearer hunter2"])
    )
    _ = try? await client.isServerLive(options: .init(headers: ["x-api-key": "swordfish"]))
    let span = try #require(self.observers.tracer.finishedSpans.first)
    let told = "\(self.observers.log.entries) \(span) \(self.observers.metrics.counters.map(\.dimensions))"
    #expect(told.contains("ServerLive"))
    #expect(!told.contains("hunter2"))
    #expect(!told.contains("swordfish"))
  }

  @Test func callsAndAttemptsAreCountedByTheirCode() async throws {
    _ = try await self.fail(self.observers.configuration(retry: self.retries))
    let metrics = self.observers.metrics
    let series = [("method", "ModelInfer"), ("model", "unet")]
    let failed = series + [("code", "UNAVAILABLE")]
    #expect(try metrics.expectCounter("triton_client_calls_total", failed).totalValue == 1)
    #expect(try metrics.expectCounter("triton_client_attempts_total", failed).totalValue == 3)
    let bytes = try metrics.expectCounter("triton_client_sent_bytes_total", series)
    #expect(bytes.values.count == 3)
    #expect(Set(bytes.values).count == 1)
    #expect(try metrics.expectMeter("triton_client_calls_in_flight", series).values == [1, 0])
    let duration = try #require(try metrics.expectTimer("triton_client_call_duration", failed).lastValue)
    #expect(duration > 0)
  }

  @Test func aCallIsOneSpanWithAnEventForEachRetry() async throws {
    _ = try await self.fail(self.observers.configuration(retry: self.retries))
    #expect(self.observers.tracer.activeSpans.isEmpty)
    let span = try #require(self.observers.tracer.finishedSpans.first)
    #expect(self.observers.tracer.finishedSpans.count == 1)
    #expect(span.operationName == "inference.GRPCInferenceService/ModelInfer")
    #expect(span.kind == .client)
    let attributes = span.attributes
    #expect(attributes.get("rpc.system") == .string("grpc"))
    #expect(attributes.get("rpc.service") == .string("inference.GRPCInferenceService"))
    #expect(attributes.get("rpc.method") == .string("ModelInfer"))
    #expect(attributes.get("rpc.grpc.status_code") == .int64(14))
    #expect(attributes.get("server.address") == .string("127.0.0.1"))
    #expect(attributes.get("server.port") == .int64(9))
    #expect(attributes.get("triton.model_name") == .string("unet"))
    #expect(attributes.get("triton.model_version") == .string("3"))
    #expect(attributes.get("triton.request_id") == .string("step 7"))
    #expect(attributes.get("error.type") == .string("UNAVAILABLE"))
    #expect(span.status?.code == .error)
    #expect(span.errors.count == 1)
    #expect(span.events.map(\.name) == ["retry", "retry"])
    #expect(span.events.first?.attributes.get("rpc.grpc.status_code") == .int64(14))
    #expect(span.events.last?.attributes.get("triton.attempt") == .int64(2))
  }

  @Test func aSpanIsTheChildOfTheCallers() async throws {
    try await self.observers.tracer.withSpan("outer") { outer in
      _ = try await self.fail(self.observers.configuration())
      let span = try #require(self.observers.tracer.finishedSpans.first)
      #expect(span.parentSpanID == outer.spanID)
      #expect(span.traceID == outer.traceID)
    }
  }

  @Test func aCancelledCallIsToldAsOne() async throws {
    // Cancelled in the pause after a failed attempt.
    let client = try InferenceServerClient(
      TelemetryTests.deadServer,
      configuration: self.observers.configuration(
        retry: .exponentialBackoff(initial: .seconds(60), cap: .seconds(60), maxAttempts: 20))
    )
    let task = Task { try await client.isServerLive(options: .init(timeout: .seconds(600))) }
    while self.observers.messages(.warning).isEmpty { try await Task.sleep(for: .milliseconds(5)) }
    task.cancel()
    await #expect(throws: CancellationError.self) { _ = try await task.value }
    let cancelled = [("method", "ServerLive"), ("model", ""), ("code", "CANCELLED")]
    #expect(
      try self.observers.metrics.expectCounter("triton_client_calls_total", cancelled).totalValue == 1)
    #expect(self.observers.tracer.finishedSpans.first?.attributes.get("rpc.grpc.status_code") == .int64(1))
  }

  @Test func aClosedClientsCallIsNoAttempt() async throws {
    let client = try InferenceServerClient(
      TelemetryTests.deadServer, configuration: self.observers.configuration())
    client.close()
    _ = try? await client.isServerLive()
    let closed = [("method", "ServerLive"), ("model", ""), ("code", "FAILED_PRECONDITION")]
    #expect(try self.observers.metrics.expectCounter("triton_client_calls_total", closed).totalValue == 1)
    #expect(self.observers.metrics.counterTotal(label: "triton_client_attempts_total") == 0)
  }

  @Test func namesOfModelsCannotFillTheMemory() async throws {
    let metrics = CallMetrics(self.observers.metrics)
    for number in 0..<CallMetrics.maximumModelCount + 50 {
      metrics.series(of: CallSubject(method: .modelInfer, model: "model \(number)")).sentBytes.increment()
    }
    let sent = self.observers.metrics.counters(label: "triton_client_sent_bytes_total")
    #expect(sent.count == CallMetrics.maximumModelCount + 1)
    let others = [("method", "ModelInfer"), ("model", "other")]
    #expect(
      try self.observers.metrics.expectCounter("triton_client_sent_bytes_total", others).totalValue == 50)
  }

  @Test func anInstrumentCannotBreakACallByItsHeaders() throws {
    var headers: [String: String] = [:]
    HeaderInjector().inject("00-1-2-01", forKey: "TraceParent", into: &headers)
    HeaderInjector().inject("line\nbreak", forKey: "baggage", into: &headers)
    HeaderInjector().inject("1", forKey: "grpc-timeout", into: &headers)
    #expect(headers == ["traceparent": "00-1-2-01"])
  }
}

extension [String] {
  fileprivate var doubled: [String] { self + self }
}
