// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Synchronization
import Testing
import TritonClient

/// Several servers: the fault server itself, and ways to it on which connections fail.
@Suite(.timeLimit(.minutes(1))) struct FailoverTests {
  /// Attempts in the order in which they ended.
  private final class Attempts: Sendable {
    private let reports = Mutex<[AttemptReport]>([])

    var all: [AttemptReport] { self.reports.withLock { $0 } }

    func add(_ report: AttemptReport) {
      self.reports.withLock { $0.append(report) }
    }
  }

  private func configuration(
    timeout: Duration = .seconds(20),
    attemptTimeout: Duration? = nil,
    retry: RetryPolicy = .exponentialBackoff(initial: .milliseconds(5), cap: .milliseconds(20)),
    loadBalancing: LoadBalancing = .roundRobin,
    healthCheck: HealthCheck? = nil,
    attempts: Attempts? = nil
  ) -> InferenceServerClient.Configuration {
    var configuration = InferenceServerClient.Configuration(
      timeout: timeout,
      attemptTimeout: attemptTimeout,
      retry: retry,
      loadBalancing: loadBalancing,
      healthCheck: healthCheck,
      validatesRequests: false
    )
    if let attempts { configuration.onAttempt = { attempts.add($0) } }
    return configuration
  }

  @Test func callsTakeTurnsAmongServers() async throws {
    try await FaultyRoute.with { first in
      try await FaultyRoute.with { second in
        let client = try InferenceServerClient([first.url, second.url], configuration: self.configuration())
        var endpoints: [String] = []
        for _ in 0..<6 { endpoints.append(try await client.infer(.echo()).endpoint ?? "") }
        #expect(endpoints.filter { $0 == first.url }.count == 3)
        #expect(endpoints.filter { $0 == second.url }.count == 3)
      }
    }
  }

  @Test func aServerThatRefusesIsPassedOver() async throws {
    try await FaultyRoute.with { dead in
      try await dead.change(listens: false)
      let url = try await FaultServer.url()
      let attempts = Attempts()
      let client = try InferenceServerClient(
        [dead.url, url], configuration: self.configuration(attempts: attempts))
      for _ in 0..<40 { #expect(try await client.infer(.echo()).endpoint == url) }
      // The breaker opens after five failures and lets a probe through once a second at most.
      let failed = attempts.all.filter { $0.error != nil }
      #expect(failed.allSatisfy { $0.endpoint == dead.url && $0.pause == .zero })
      #expect((1...7).contains(failed.count))
    }
  }

  @Test func aServerThatStallsCostsOneAttemptsTime() async throws {
    try await FaultyRoute.with(["stall_upload_at": 0]) { frozen in
      let url = try await FaultServer.url()
      let attempts = Attempts()
      let client = try InferenceServerClient(
        [frozen.url, url],
        configuration: self.configuration(attemptTimeout: .seconds(1), attempts: attempts)
      )
      let begin = ContinuousClock.now
      for _ in 0..<2 { #expect(try await client.infer(.echo()).endpoint == url) }
      #expect(ContinuousClock.now - begin < .seconds(10))
      let failed = try #require(attempts.all.first { $0.error != nil })
      #expect(failed.endpoint == frozen.url)
      #expect(failed.error?.code == .deadlineExceeded)
      #expect(failed.duration >= .milliseconds(990))
    }
  }

  @Test func aFrozenServerIsEjectedAndItsCallsGoElsewhere() async throws {
    try await FaultyRoute.with { route in
      let url = try await FaultServer.url()
      let check = HealthCheck(interval: .milliseconds(100), timeout: .seconds(1), unhealthyAfter: 2)
      let client = try InferenceServerClient(
        [route.url, url],
        configuration: self.configuration(healthCheck: check)
      )
      let events = client.connectionEvents()
      // Both are known and connected.
      for _ in 0..<4 { _ = try await client.infer(.echo()) }
      try await route.change(to: ["stall_answer_at": 0])
      // No attempt has a time of its own: what waits for the frozen server is taken away from it.
      let begin = ContinuousClock.now
      for _ in 0..<4 { #expect(try await client.infer(.echo()).endpoint == url) }
      #expect(ContinuousClock.now - begin < .seconds(10))
      try await route.change()
      var states: [ConnectionEvent.State] = []
      for await event in events where event.endpoint == route.url {
        if [.ejected, .returned].contains(event.state) { states.append(event.state) }
        if event.state == .returned { break }
      }
      #expect(states == [.ejected, .returned])
      // On a busy machine the other one may be away by now; the suite's time limits the wait for both.
      while Set(try await self.endpoints(of: 6, client)) != [route.url, url] {
        try await Task.sleep(for: .milliseconds(50))
      }
    }
  }

  private func endpoints(of count: Int, _ client: InferenceServerClient) async throws -> [String] {
    var endpoints: [String] = []
    for _ in 0..<count { endpoints.append(try await client.infer(.echo()).endpoint ?? "") }
    return endpoints
  }

  @Test func withoutAnyServerTheErrorNamesTheLastOneAndComesSoon() async throws {
    try await FaultyRoute.with { first in
      try await FaultyRoute.with { second in
        for route in [first, second] { try await route.change(listens: false) }
        let client = try InferenceServerClient([first.url, second.url], configuration: self.configuration())
        let begin = ContinuousClock.now
        let error = await #expect(throws: InferenceError.self) { _ = try await client.infer(.echo()) }
        #expect(ContinuousClock.now - begin < .seconds(10))
        #expect(error?.code == .unavailable)
        #expect([first.url, second.url].contains(error?.endpoint))
        #expect(error?.attempt == 4)
      }
    }
  }

  @Test func anOpenBreakerRefusesAtOnceAndSaysUntilWhen() async throws {
    try await FaultyRoute.with { route in
      try await route.change(listens: false)
      var configuration = self.configuration(retry: .never)
      configuration.circuitBreaker = CircuitBreaker(failureThreshold: 2, openInterval: .milliseconds(300))
      let client = try route.client(configuration)
      for _ in 0..<2 {
        let error = await #expect(throws: InferenceError.self) { _ = try await client.infer(.echo()) }
        #expect(error?.attempt == 1)
        #expect(error?.retryAfter == nil)
      }
      let refusal = await #expect(throws: InferenceError.self) { _ = try await client.infer(.echo()) }
      #expect(refusal?.code == .unavailable)
      #expect(refusal?.attempt == 0)
      let retryAfter = try #require(refusal?.retryAfter)
      #expect(retryAfter <= .milliseconds(300))
      try await route.change()
      try await Task.sleep(for: retryAfter + .milliseconds(10))
      // A probe may meet gRPC's own pause between two attempts to connect.
      try await client.waitUntilReady(timeout: .seconds(10))
      #expect(try await client.infer(.echo()).endpoint == route.url)
    }
  }

  @Test func aSequenceStaysWhereItBegan() async throws {
    try await FaultyRoute.with { first in
      try await FaultyRoute.with { second in
        let client = try InferenceServerClient([first.url, second.url], configuration: self.configuration())
        for id in 1...4 as ClosedRange<UInt64> {
          var endpoints: Set<String> = []
          for step in 0..<5 {
            var request = InferenceRequest.echo()
            request.sequence = SequenceMembership(id: .integer(id), isStart: step == 0, isEnd: step == 4)
            endpoints.insert(try await client.infer(request).endpoint ?? "")
          }
          #expect(endpoints.count == 1)
        }
      }
    }
  }

  @Test func anotherServerIsAskedWhenTheFirstTakesLong() async throws {
    try await FaultyRoute.with { slow in
      let url = try await FaultServer.url()
      let attempts = Attempts()
      var configuration = self.configuration(attempts: attempts)
      configuration.hedging = HedgingPolicy(quantile: 0.9, minimumDelay: .milliseconds(20))
      let client = try InferenceServerClient([slow.url, url], configuration: configuration)
      _ = try await self.endpoints(of: 60, client)
      try await slow.change(to: ["latency_ms": 2_000])
      let begin = ContinuousClock.now
      #expect(try await self.endpoints(of: 2, client) == [url, url])
      #expect(ContinuousClock.now - begin < .seconds(2))
      #expect(attempts.all.contains { $0.isHedge && $0.error == nil && $0.endpoint == url })
    }
  }

  @Test func thePushbackOfAServerIsObeyed() async throws {
    let attempts = Attempts()
    let client = try await FaultServer.client(self.configuration(attempts: attempts))
    let faults: [String: InferenceParameter] = ["code": 14, "failures": 1, "pushback_ms": 250]
    let answer = try await client.infer(.echo(id: uniqueID("pushback"), faults: faults))
    #expect(answer.parameters["attempt"]?.number == 2)
    #expect(attempts.all.first?.pause == .milliseconds(250))

    // What a server asks for takes nothing from its budget.
    var poor = self.configuration()
    poor.retryBudget = RetryBudget(capacity: 0)
    let invited = try await FaultServer.client(poor)
    #expect(try await invited.infer(.echo(id: uniqueID("pushback"), faults: faults)).endpoint == invited.url)
    let uninvited = await #expect(throws: InferenceError.self) {
      _ = try await invited.infer(.echo(id: uniqueID("pushback"), faults: ["code": 14, "failures": 1]))
    }
    #expect(uninvited?.message.contains("retry budget") == true)

    let never: [String: InferenceParameter] = ["code": 14, "failures": 1, "pushback_ms": -1]
    let error = await #expect(throws: InferenceError.self) {
      _ = try await client.infer(.echo(id: uniqueID("pushback"), faults: never))
    }
    #expect(error?.attempt == 1)
  }
}
