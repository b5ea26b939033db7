// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Synchronization
import Testing
import TritonClient

/// A server on demand: the fault server's own port as long as it is "started".
@Suite(.timeLimit(.minutes(1))) struct FallbackTests {
  private final class Spare: OnDemandServer {
    let name = "the spare server"
    private let counts = Mutex((starts: 0, stops: 0))
    private let failures: Int

    init(failures: Int = 0) {
      self.failures = failures
    }

    var starts: Int { self.counts.withLock { $0.starts } }
    var stops: Int { self.counts.withLock { $0.stops } }

    func start() async throws -> String {
      let start = self.counts.withLock { counts in
        counts.starts += 1
        return counts.starts
      }
      try await Task.sleep(for: .milliseconds(100))
      if start <= self.failures { throw InferenceError(code: .internalError, message: "no spare parts") }
      return try await FaultServer.url()
    }

    func stop() async {
      self.counts.withLock { $0.stops += 1 }
    }
  }

  private var configuration: InferenceServerClient.Configuration {
    InferenceServerClient.Configuration(
      timeout: .seconds(20),
      retry: .exponentialBackoff(initial: .milliseconds(5), cap: .milliseconds(20)),
      healthCheck: HealthCheck(interval: .milliseconds(100), timeout: .seconds(1)),
      validatesRequests: false
    )
  }

  @Test func callsGoToTheServerOnDemandAndBack() async throws {
    try await FaultyRoute.with { route in
      let spare = Spare()
      let client = try InferenceServerClient([route.url], fallback: spare, configuration: self.configuration)
      let events = client.connectionEvents()
      #expect(try await client.infer(.echo()).endpoint == route.url)
      #expect(spare.starts == 0)

      try await route.change(listens: false, drops: true)
      let url = try await FaultServer.url()
      // Several calls that lose their server share one start.
      try await withThrowingTaskGroup(of: String?.self) { group in
        for _ in 0..<8 { group.addTask { try await client.infer(.echo()).endpoint } }
        for try await endpoint in group { #expect(endpoint == url) }
      }
      #expect(spare.starts == 1)

      try await route.change()
      while try await client.infer(.echo()).endpoint != route.url {
        try await Task.sleep(for: .milliseconds(50))
      }
      client.close()
      var states: [ConnectionEvent.State] = []
      for await event in events
      where [.fallbackStarting, .fallbackReady, .fallbackLeft].contains(event.state) {
        states.append(event.state)
      }
      #expect(states == [.fallbackStarting, .fallbackReady, .fallbackLeft])
      while spare.stops == 0 { try await Task.sleep(for: .milliseconds(10)) }
      #expect(spare.stops == 1)
    }
  }

  @Test func aServerOnDemandThatDoesNotStartIsNamedInTheError() async throws {
    try await FaultyRoute.with { route in
      try await route.change(listens: false)
      let spare = Spare(failures: 9)
      let client = try InferenceServerClient([route.url], fallback: spare, configuration: self.configuration)
      for _ in 0..<3 {
        let error = await #expect(throws: InferenceError.self) { _ = try await client.infer(.echo()) }
        #expect(error?.code == .unavailable)
        if spare.starts == 1, error?.message.contains("no spare parts") == true { continue }
        // It is not asked for again at once.
        #expect(spare.starts == 1)
      }
    }
  }

  @Test func theStartOfAServerCountsAgainstTheTimeout() async throws {
    try await FaultyRoute.with { route in
      try await route.change(listens: false)
      let client = try InferenceServerClient(
        [route.url], fallback: Spare(), configuration: self.configuration)
      let begin = ContinuousClock.now
      let error = await #expect(throws: InferenceError.self) {
        _ = try await client.infer(.echo(), timeout: .milliseconds(60))
      }
      #expect([.unavailable, .deadlineExceeded].contains(error?.code))
      #expect(ContinuousClock.now - begin < .seconds(5))
    }
  }
}
