// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import CoreMetrics
import Foundation
import InMemoryLogging
import InMemoryTracing
import LocalTriton
import Logging
import MetricsTestKit
import Testing
import Tracing
import TritonClient

/// Logs, metrics, spans and timings of calls that a real server answers.
@Suite struct ObservabilityTests {
  private let log = InMemoryLogHandler()
  private let metrics = TestMetrics()
  private let tracer = W3CTracer()

  private func client(
    _ url: String,
    validatesRequests: Bool = true,
    headers: [String: String] = [:]
  ) throws -> InferenceServerClient {
    var logger = Logger(label: "test") { _ in self.log }
    logger.logLevel = .trace
    return try InferenceServerClient(
      url,
      configuration: .init(
        headers: headers, validatesRequests: validatesRequests, logger: logger, metrics: self.metrics,
        tracer: self.tracer)
    )
  }

  private func echoRequest(count: Int = 3) -> InferenceRequest {
    InferenceRequest(
      model: "echo",
      id: "one",
      inputs: ["IN_FP32": Tensor(Array(repeating: 1 as Float, count: count))],
      outputs: ["OUT_FP32"]
    )
  }

  @Test func aCallThatSucceedsIsLoggedCountedAndTraced() async throws {
    let client = try self.client(try await TestServer.url())
    let response = try await client.infer(self.echoRequest(count: 1_000))
    #expect(response.id == "one")

    let call = try #require(self.log.entries.last)
    #expect(call.level == .debug)
    #expect(call.message == "call succeeded")
    #expect(call.metadata["method"] == "ModelInfer")
    #expect(call.metadata["request_id"] == "one")
    #expect(call.metadata["code"] == "OK")
    #expect(call.metadata["attempts"] == "1")
    // The signature was asked for by two calls of their own.
    #expect(self.log.entries.filter { $0.level == .debug }.count == 3)

    let series = [("method", "ModelInfer"), ("model", "echo")]
    let succeeded = series + [("code", "OK")]
    #expect(try self.metrics.expectCounter("triton_client_calls_total", succeeded).totalValue == 1)
    #expect(try self.metrics.expectCounter("triton_client_attempts_total", succeeded).totalValue == 1)
    #expect(try self.metrics.expectCounter("triton_client_sent_bytes_total", series).totalValue > 4_000)
    #expect(try self.metrics.expectCounter("triton_client_received_bytes_total", series).totalValue > 4_000)
    #expect(try self.metrics.expectMeter("triton_client_calls_in_flight", series).values == [1, 0])
    #expect(try self.metrics.expectTimer("triton_client_call_duration", succeeded).values.count == 1)

    let spans = self.tracer.spans.finishedSpans
    #expect(
      Set(spans.map(\.operationName))
        == Set(["ModelInfer", "ModelMetadata", "ModelConfig"].map { "inference.GRPCInferenceService/\($0)" }))
    let span = try #require(spans.last)
    #expect(span.attributes.get("rpc.grpc.status_code") == .int64(0))
    #expect(span.status == nil)
    #expect(span.errors.isEmpty)
    #expect(self.tracer.spans.activeSpans.isEmpty)
  }

  @Test func aStreamIsOneCall() async throws {
    let client = try self.client(try await TestServer.url(), validatesRequests: false)
    let countdown = InferenceRequest(model: "countdown", inputs: ["COUNT": Tensor([3 as Int32])])
    var answers = 0
    for try await part in client.stream([countdown, countdown]) {
      _ = try part.get()
      answers += 1
    }
    #expect(answers == 8)
    let series = [("method", "ModelStreamInfer"), ("model", "")]
    let succeeded = series + [("code", "OK")]
    #expect(try self.metrics.expectCounter("triton_client_calls_total", succeeded).totalValue == 1)
    #expect(try self.metrics.expectCounter("triton_client_sent_bytes_total", series).values.count == 2)
    #expect(try self.metrics.expectCounter("triton_client_received_bytes_total", series).values.count == 8)
    #expect(try self.metrics.expectMeter("triton_client_calls_in_flight", series).values == [1, 0])
    #expect(
      self.tracer.spans.finishedSpans.map(\.operationName) == [
        "inference.GRPCInferenceService/ModelStreamInfer"
      ])
    #expect(try self.metrics.expectCounter("triton_client_attempts_total", succeeded).totalValue == 1)
    #expect(self.log.entries.map { "\($0.message)" } == ["attempt begins", "call succeeded"])
  }

  @Test func aStreamThatIsLeftIsToldAsCancelled() async throws {
    let client = try self.client(try await TestServer.url(), validatesRequests: false)
    let countdown = InferenceRequest(model: "countdown", inputs: ["COUNT": Tensor([20_000 as Int32])])
    for try await _ in client.stream([countdown]) { break }
    let series = [("method", "ModelStreamInfer"), ("model", "")]
    #expect(try self.metrics.expectMeter("triton_client_calls_in_flight", series).values == [1, 0])
    let cancelled = series + [("code", "CANCELLED")]
    #expect(try self.metrics.expectCounter("triton_client_calls_total", cancelled).totalValue == 1)
    #expect(self.tracer.spans.activeSpans.isEmpty)
  }

  @Test func theSpansContextReachesTheServer() async throws {
    let repository = try ScratchRepository(model: "x")
    let configuration = LocalTritonServer.Configuration(
      modelRepositories: [repository.url],
      extraArguments: ["--grpc-header-forward-pattern=(traceparent|x-.*)"]
    )
    try await LocalTritonServer.withServer(configuration) { server in
      let administrator = try InferenceServerClient(server.grpcURL)
      let code = SentModel.code("np.array([request.parameters()], dtype=object)")
      try await SentModel.parameters.loaded(on: administrator, code: code) {
        let client = try self.client(
          server.grpcURL, validatesRequests: false, headers: ["X-Client": "a", "X-Both": "client"])
        let request = InferenceRequest(model: "parameters", inputs: ["X": Tensor([1 as Float])])
        func headers(_ options: CallOptions) async throws -> [String: String] {
          let text = try await client.infer(request, options: options).output("Y").strings()[0]
          return try JSONDecoder().decode([String: String].self, from: Data(text.utf8))
        }
        let traced = try await headers(.init(headers: ["x-both": "call"]))
        #expect(traced["traceparent"] == "00-\(W3CTracer.traceID)-\(W3CTracer.spanID)-01")
        #expect(traced["x-client"] == "a")
        #expect(traced["x-both"] == "call")
        let byHand = "00-11111111111111111111111111111111-2222222222222222-00"
        #expect(try await headers(.init(headers: ["Traceparent": byHand]))["traceparent"] == byHand)
      }
    }
  }

  @Test func anAnswerSaysWhereItsTimeWent() async throws {
    let client = try InferenceServerClient(try await TestServer.url())
    let begin = ContinuousClock.now
    let first = try #require(try await client.infer(self.echoRequest()).timing)
    let total = ContinuousClock.now - begin
    #expect(first.total <= total)
    #expect(first.attempts == 1)
    let parts = [first.encode, first.beforeSending, first.send, first.wait, first.receive, first.decode]
    #expect(parts.allSatisfy { $0 >= .zero })
    #expect(parts.reduce(.zero, +) == first.total)
    #expect(first.wait + first.send + first.receive > .zero)
    #expect(first.encode > .zero)
    #expect(first.decode > .zero)

    let prepared = try client.prepare(self.echoRequest())
    let second = try #require(try await client.infer(prepared).timing)
    #expect(second.encode == .zero)
    // The first call asked for the model's signature before it was sent; the second one knew it.
    #expect(second.beforeSending < first.beforeSending)

    let statistics = client.inferenceStatistics()
    #expect(statistics.completedCount == 2)
    #expect(statistics.attemptCount == 2)
    #expect(statistics.total == first.total + second.total)
    #expect(statistics.wait == first.wait + second.wait)

    _ = try? await client.infer(InferenceRequest(model: "no_such_model"))
    #expect(client.inferenceStatistics() == statistics)
  }

  @Test func answersOnAStreamHaveNoTiming() async throws {
    let client = try InferenceServerClient(try await TestServer.url())
    let countdown = InferenceRequest(model: "countdown", inputs: ["COUNT": Tensor([1 as Int32])])
    for try await part in client.stream([countdown]) { #expect(try part.get().timing == nil) }
    #expect(client.inferenceStatistics() == InferenceStatistics())
  }

  @Test func theWaitForAPlaceIsNotTheServers() async throws {
    let client = try InferenceServerClient(
      try await TestServer.url(),
      configuration: .init(maximumCallsInFlight: 1)
    )
    let prepared = try client.prepare(self.echoRequest())
    _ = try await client.infer(prepared)
    let timings = try await withThrowingTaskGroup(of: CallTiming?.self) { group in
      for _ in 0..<8 { group.addTask { try await client.infer(prepared).timing } }
      return try await group.reduce(into: []) { $0.append($1) }.compactMap { $0 }
    }
    #expect(timings.count == 8)
    // The last of eight waited for the answers to the others.
    let longest = try #require(timings.map(\.beforeSending).max())
    let shortest = try #require(timings.map(\.wait).min())
    #expect(longest > shortest)
  }
}
