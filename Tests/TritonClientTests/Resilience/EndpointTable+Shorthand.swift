// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

@testable import TritonClient

/// Tables as the tests need them: servers "a", "b" … with the numbers 1, 2 …, calls for a model "m".
extension EndpointTable {
  init(_ keys: [String], fallback: [String] = [], _ settings: Settings = Settings()) {
    self.init(settings)
    for key in keys { _ = self.add(key: key, tier: 0, at: .start) }
    for key in fallback { _ = self.add(key: key, tier: 1, at: .start) }
  }

  /// The number of the server that a call goes to; `nil` if it is refused.
  mutating func send(
    model: String? = "m",
    _ sequence: SequencePin? = nil,
    excluding: Set<Int> = [],
    at now: MonotonicInstant = .start
  ) -> Int? {
    guard
      case .endpoint(let id, _) = self.choose(model: model, sequence: sequence, excluding: excluding, at: now)
    else { return nil }
    return id
  }

  mutating func end(
    _ id: Int,
    model: String? = "m",
    _ verdict: AttemptVerdict = .success,
    at now: MonotonicInstant = .start
  ) {
    self.finish(id: id, model: model, verdict: verdict, latency: nil, at: now)
  }

  /// Has a breaker open, as calls that fail do.
  mutating func fail(
    _ id: Int, model: String? = "m", _ verdict: AttemptVerdict, at now: MonotonicInstant = .start
  ) {
    for _ in 0..<self.settings.breaker.failureThreshold { self.end(id, model: model, verdict, at: now) }
  }

  mutating func eject(_ id: Int) {
    for _ in 0..<self.settings.unhealthyAfter { _ = self.recordHealth(id: id, isHealthy: false, at: .start) }
  }

  /// How many retries a server's budget allows at once.
  mutating func retries(_ id: Int) -> Int {
    (0..<1_000).count { _ in self.withdrawRetry(id: id, at: .start) }
  }

  func outstanding(_ id: Int) -> Int? {
    self.endpoints.first { $0.id == id }?.outstanding
  }
}
