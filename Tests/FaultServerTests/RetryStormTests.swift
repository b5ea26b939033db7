// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Synchronization
import Testing
import TritonClient

/// Many tasks whose server is dead: what they try again is bounded for all of them together.
@Suite(.timeLimit(.minutes(1))) struct RetryStormTests {
  private static let tasks = 200

  /// Attempts that were made.
  private final class Counter: Sendable {
    private let state = Mutex(0)

    var count: Int { self.state.withLock { $0 } }

    func increment() {
      self.state.withLock { $0 += 1 }
    }
  }

  /// Every call would be tried many times, if it were alone.
  private func configuration(
    budget: RetryBudget,
    breaker: CircuitBreaker = .disabled,
    counter: Counter = Counter()
  ) -> InferenceServerClient.Configuration {
    var configuration = InferenceServerClient.Configuration(
      timeout: .seconds(20),
      retry: .exponentialBackoff(initial: .milliseconds(2), cap: .milliseconds(10), maxAttempts: 50),
      retryBudget: budget,
      circuitBreaker: breaker,
      healthCheck: nil,
      validatesRequests: false
    )
    configuration.onAttempt = { _ in counter.increment() }
    return configuration
  }

  /// Has 200 tasks call at the same time; how the calls failed.
  private func storm(
    _ client: InferenceServerClient,
    _ request: InferenceRequest = .echo()
  ) async throws -> [InferenceError] {
    try await withThrowingTaskGroup(of: InferenceError.self) { group in
      for _ in 0..<RetryStormTests.tasks {
        group.addTask {
          try await #require(throws: InferenceError.self) { try await client.infer(request) }
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
  }

  @Test(arguments: [0, 1, 30])
  func aPortThatRefusesIsTriedAsOftenAsTheBudgetSays(capacity: Int) async throws {
    try await FaultyRoute.with { route in
      try await route.change(listens: false)
      let counter = Counter()
      let budget = RetryBudget(capacity: Double(capacity), tokensPerSuccess: 0, tokensPerSecond: 0)
      let client = try route.client(self.configuration(budget: budget, counter: counter))
      let errors = try await self.storm(client)
      #expect(errors.allSatisfy { $0.code == .unavailable })
      #expect(counter.count == RetryStormTests.tasks + capacity)
      #expect(errors.map(\.attempt).reduce(0, +) == counter.count)
      #expect(errors.contains { $0.message.contains("retry budget") })
    }
  }

  @Test func aServerThatIsUnavailableIsAskedAsOftenAsTheBudgetSays() async throws {
    let budget = RetryBudget(capacity: 30, tokensPerSuccess: 0, tokensPerSecond: 0)
    let client = try await FaultServer.client(self.configuration(budget: budget))
    let id = uniqueID("storm")
    let errors = try await self.storm(client, .echo(id: id, faults: ["code": 14]))
    #expect(errors.allSatisfy { $0.code == .unavailable })
    // As the server counts them.
    #expect(try await FaultServer.client().calls(of: id).attempts == RetryStormTests.tasks + 30)
  }

  @Test func theDefaultBudgetHoldsToo() async throws {
    let client = try await FaultServer.client(self.configuration(budget: .defaults))
    let id = uniqueID("storm")
    let clock = ContinuousClock()
    let begin = clock.now
    _ = try await self.storm(client, .echo(id: id, faults: ["code": 14]))
    let seconds = (clock.now - begin) / .seconds(1)
    let budget = RetryBudget.defaults
    let most = RetryStormTests.tasks + Int(budget.capacity + seconds * budget.tokensPerSecond)
    let attempts = try await FaultServer.client().calls(of: id).attempts
    #expect((RetryStormTests.tasks...most).contains(attempts), "\(attempts) attempts, at most \(most)")
  }

  /// Another server is asked without the budget of the one that failed: each call asks each server once, and what
  /// comes on top of that is paid for.
  @Test func twoDeadServersHaveABudgetEach() async throws {
    try await FaultyRoute.with { first in
      try await FaultyRoute.with { second in
        try await first.change(listens: false)
        try await second.change(listens: false)
        let counter = Counter()
        let budget = RetryBudget(capacity: 30, tokensPerSuccess: 0, tokensPerSecond: 0)
        let client = try InferenceServerClient(
          [first.url, second.url],
          configuration: self.configuration(budget: budget, counter: counter)
        )
        _ = try await self.storm(client)
        #expect(counter.count > RetryStormTests.tasks)
        #expect(counter.count <= 2 * (RetryStormTests.tasks + 30))
      }
    }
  }

  @Test func withABreakerTheNextStormHardlyArrives() async throws {
    let client = try await FaultServer.client(
      self.configuration(budget: .defaults, breaker: CircuitBreaker(openInterval: .milliseconds(200)))
    )
    let first = uniqueID("storm")
    _ = try await self.storm(client, .echo(id: first, faults: ["code": 14]))
    let second = uniqueID("storm")
    let clock = ContinuousClock()
    let begin = clock.now
    let errors = try await self.storm(client, .echo(id: second, faults: ["code": 14]))
    // Probes alone: one when the breaker becomes half-open, after 200 ms at the least.
    let probes = Int((clock.now - begin) / .milliseconds(200)) + 1
    let attempts = try await FaultServer.client().calls(of: second).attempts
    #expect(attempts <= probes, "\(attempts) attempts in \(clock.now - begin)")
    #expect(errors.allSatisfy { $0.code == .unavailable })
    #expect(errors.count { $0.retryAfter != nil && $0.attempt == 0 } >= RetryStormTests.tasks - probes)
  }
}
