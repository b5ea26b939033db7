// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import CoreMetrics
import Synchronization

/// The counters, meters and timers of a client's calls, made when they are first needed.
final class CallMetrics: Sendable {
  /// Names of the metrics; the documentation's article on observability explains them.
  enum Label {
    static let calls = "triton_client_calls_total"
    static let attempts = "triton_client_attempts_total"
    static let sentBytes = "triton_client_sent_bytes_total"
    static let receivedBytes = "triton_client_received_bytes_total"
    static let inFlight = "triton_client_calls_in_flight"
    static let duration = "triton_client_call_duration"
  }

  private struct Key: Hashable {
    let method: RPCMethod
    let model: String
  }

  /// Models with metrics of their own. A caller that takes names of models from outside cannot fill the memory:
  /// those beyond are counted together.
  static let maximumModelCount = 1_000

  /// What models beyond the limit are called.
  static let otherModels = "other"

  private struct State {
    var series: [Key: CallSeries] = [:]
    var models: Set<String> = []
  }

  private let factory: any MetricsFactory
  private let state = Mutex(State())

  init(_ factory: any MetricsFactory) {
    self.factory = factory
  }

  /// The metrics of the calls of one method for one model.
  func series(of subject: CallSubject) -> CallSeries {
    self.state.withLock { state in
      var model = subject.model ?? ""
      if !state.models.contains(model) {
        if state.models.count < CallMetrics.maximumModelCount {
          state.models.insert(model)
        } else {
          model = CallMetrics.otherModels
        }
      }
      let key = Key(method: subject.method, model: model)
      if let known = state.series[key] { return known }
      let made = CallSeries(method: subject.method, model: model, factory: self.factory)
      state.series[key] = made
      return made
    }
  }
}

/// The metrics of the calls of one method for one model.
final class CallSeries: Sendable {
  private struct Outcome {
    let calls: Counter
    let attempts: Counter
    let duration: Timer
  }

  let inFlight: Meter
  let sentBytes: Counter
  let receivedBytes: Counter
  private let dimensions: [(String, String)]
  private let factory: any MetricsFactory
  private let outcomes = Mutex<[RPCStatus.Code: Outcome]>([:])

  init(method: RPCMethod, model: String, factory: any MetricsFactory) {
    let dimensions = [("method", method.name), ("model", model)]
    self.dimensions = dimensions
    self.factory = factory
    self.inFlight = Meter(label: CallMetrics.Label.inFlight, dimensions: dimensions, factory: factory)
    self.sentBytes = Counter(label: CallMetrics.Label.sentBytes, dimensions: dimensions, factory: factory)
    self.receivedBytes = Counter(
      label: CallMetrics.Label.receivedBytes,
      dimensions: dimensions,
      factory: factory
    )
  }

  func countAttempt(_ code: RPCStatus.Code) {
    self.outcome(code).attempts.increment()
  }

  func countCall(_ code: RPCStatus.Code, duration: Duration) {
    let outcome = self.outcome(code)
    outcome.calls.increment()
    outcome.duration.recordNanoseconds(duration.nanoseconds)
  }

  private func outcome(_ code: RPCStatus.Code) -> Outcome {
    // A server may answer with any number: those without a name share one series.
    let code = code.isNamed ? code : .unknown
    return self.outcomes.withLock { outcomes in
      if let known = outcomes[code] { return known }
      let dimensions = self.dimensions + [("code", code.description)]
      let made = Outcome(
        calls: Counter(label: CallMetrics.Label.calls, dimensions: dimensions, factory: self.factory),
        attempts: Counter(label: CallMetrics.Label.attempts, dimensions: dimensions, factory: self.factory),
        duration: Timer(label: CallMetrics.Label.duration, dimensions: dimensions, factory: self.factory)
      )
      outcomes[code] = made
      return made
    }
  }
}
