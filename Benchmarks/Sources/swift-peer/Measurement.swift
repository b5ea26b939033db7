// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// The figures of one run.
struct Measurement {
  let latencies: [Int64]
  let elapsed: Double
  let cpuSeconds: Double

  /// Warms up, measures and compares once more. `run` runs a phase.
  static func take(
    _ options: Options,
    run: @Sendable (Phase) async throws -> [Lane]
  ) async throws -> Measurement {
    let clock = ContinuousClock()
    _ = try await run(
      Phase(
        lanes: options.inFlight,
        end: clock.now + .seconds(options.warmUp),
        calls: options.calls > 0 ? 1 : 0,
        compares: true
      )
    )
    let cpuBefore = ProcessUsage.cpuSeconds
    let begin = clock.now
    let lanes = try await run(
      Phase(
        lanes: options.inFlight,
        end: begin + .seconds(options.seconds),
        calls: options.calls,
        compares: false
      )
    )
    let elapsed = (clock.now - begin) / .seconds(1)
    let cpuSeconds = ProcessUsage.cpuSeconds - cpuBefore
    _ = try await run(Phase(lanes: 1, end: clock.now, calls: 1, compares: true))
    return Measurement(latencies: lanes.flatMap(\.self).sorted(), elapsed: elapsed, cpuSeconds: cpuSeconds)
  }

  /// The value below which a fraction of the latencies lies, in microseconds.
  func percentile(_ fraction: Double) -> Double {
    let rank = (fraction * Double(self.latencies.count)).rounded(.up)
    return Double(self.latencies[max(Int(rank), 1) - 1]) * 1e-3
  }

  /// One line of JSON, with the same names as the other peers'.
  func json(peer: String, options: Options) -> String {
    let count = Double(self.latencies.count)
    let mean = self.latencies.reduce(0) { $0 + Double($1) } / count * 1e-3
    return """
      {"peer": "\(peer)", "payload": \(options.payload), "in_flight": \(options.inFlight), \
      "calls": \(self.latencies.count), "elapsed_s": \(self.elapsed), \
      "p50_us": \(self.percentile(0.5)), "p99_us": \(self.percentile(0.99)), "mean_us": \(mean), \
      "calls_per_s": \(count / self.elapsed), "cpu_s_per_1000": \(self.cpuSeconds / count * 1000), \
      "peak_rss_bytes": \(ProcessUsage.peakMemoryBytes), "compared_completely": \(options.inFlight + 1)}
      """
  }
}
