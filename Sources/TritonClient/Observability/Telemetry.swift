// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import CoreMetrics
import Logging
import Synchronization
import Tracing

/// Where a client's calls are logged, counted and traced.
///
/// What is configured is looked at once, when the client is made: a client that nobody watches has no telemetry
/// at all, and its calls pay for one comparison with `nil`.
final class Telemetry: Sendable {
  let logger: Logger?
  let metrics: CallMetrics?
  let tracer: (any Tracer)?
  let address: ServerAddress

  /// The addresses of all servers.
  let url: String

  /// What puts a span's context into headers: a tracer, or several instruments of which one is a tracer.
  let instrument: (any Instrument)?

  private let callCount = Atomic<UInt64>(0)

  /// `nil` when there is no logger and only the systems that keep nothing.
  init?(_ configuration: InferenceServerClient.Configuration, address: ServerAddress, url: String) {
    let factory = configuration.metrics ?? MetricsSystem.factory
    let tracer = configuration.tracer ?? InstrumentationSystem.tracer
    let instrument: any Instrument = configuration.tracer ?? InstrumentationSystem.instrument
    self.logger = configuration.logger
    self.metrics = factory is NOOPMetricsHandler ? nil : CallMetrics(factory)
    self.tracer = tracer is NoOpTracer ? nil : tracer
    self.instrument = instrument is NoOpInstrument || instrument is NoOpTracer ? nil : instrument
    self.address = address
    self.url = url
    if self.logger == nil, self.metrics == nil, self.instrument == nil { return nil }
  }

  /// The observation of a call that begins now.
  func observe(_ subject: CallSubject) -> CallObservation {
    let number = self.callCount.wrappingAdd(1, ordering: .relaxed).newValue
    return CallObservation(subject, number: number, telemetry: self)
  }
}
