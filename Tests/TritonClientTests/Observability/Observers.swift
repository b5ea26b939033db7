// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import CoreMetrics
import InMemoryLogging
import InMemoryTracing
import Logging
import MetricsTestKit
import TritonClient

/// A log, metrics and a tracer that keep what they are told.
struct Observers {
  let log = InMemoryLogHandler()
  let metrics = TestMetrics()
  let tracer = InMemoryTracer()

  /// A configuration that tells all three.
  func configuration(
    logLevel: Logger.Level = .trace,
    retry: RetryPolicy = .never,
    headers: [String: String] = [:]
  ) -> InferenceServerClient.Configuration {
    var logger = Logger(label: "test") { _ in self.log }
    logger.logLevel = logLevel
    return InferenceServerClient.Configuration(
      timeout: .seconds(20),
      retry: retry,
      headers: headers,
      validatesRequests: false,
      logger: logger,
      metrics: self.metrics,
      tracer: self.tracer
    )
  }

  func messages(_ level: Logger.Level) -> [String] {
    self.log.entries.filter { $0.level == level }.map { "\($0.message)" }
  }
}
