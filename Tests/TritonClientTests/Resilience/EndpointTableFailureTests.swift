// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing

@testable import TritonClient

@Suite struct EndpointTableFailureTests {
  private typealias Settings = EndpointTable.Settings

  /// Opens after 2 failures for a second.
  private static let breaker = CircuitBreaker(failureThreshold: 2)

  /// Opens for a server at an instant.
  private func opened(
    _ keys: [String],
    fallback: [String] = [],
    probesWithCalls: Bool = true,
    at instants: [Int: MonotonicInstant]
  ) -> EndpointTable {
    let settings = Settings(breaker: Self.breaker, probesWithCalls: probesWithCalls)
    var table = EndpointTable(keys, fallback: fallback, settings)
    for (id, instant) in instants { table.fail(id, .endpointFailure, at: instant) }
    return table
  }

  // MARK: Breakers

  @Test func aServerThatFailsIsNotAskedUntilItsProbe() {
    var table = self.opened(["a", "b"], at: [1: .start])
    #expect((0..<4).map { _ in table.send(at: .second(0.9)) } == [2, 2, 2, 2])
    let probe = table.choose(model: nil, sequence: nil, excluding: [], at: .second(1))
    #expect(probe == .endpoint(id: 1, isProbe: true))
    #expect(table.send(at: .second(1)) == 2)
    table.end(1, .success, at: .second(1))
    let call = table.choose(model: nil, sequence: nil, excluding: [], at: .second(1))
    #expect(call == .endpoint(id: 1, isProbe: false))
  }

  @Test func aProbeThatSaysNothingMakesRoomForAnother() {
    var table = self.opened(["a"], at: [1: .start])
    #expect(table.send(at: .second(1)) == 1)
    #expect(table.send(at: .second(1)) == nil)
    table.end(1, .neutral, at: .second(1))
    #expect(table.send(at: .second(1)) == 1)
    table.end(1, .endpointFailure, at: .second(1))
    #expect(table.send(at: .second(2.9)) == nil)
    #expect(table.send(at: .second(3)) == 1)
  }

  @Test func answersOfAnyKindKeepAServersBreakerClosed() {
    var table = EndpointTable(["a"], Settings(breaker: Self.breaker))
    for verdict in [AttemptVerdict.success, .modelFailure] {
      table.end(1, model: nil, .endpointFailure)
      table.end(1, model: nil, verdict)
      table.end(1, model: nil, .endpointFailure)
      #expect(table.send(model: nil) == 1)
      table.end(1, model: nil, .success)
    }
    // What says nothing does not end a row.
    table.end(1, model: nil, .endpointFailure)
    table.end(1, model: nil, .neutral)
    table.end(1, model: nil, .endpointFailure)
    #expect(table.send(model: nil) == nil)
  }

  @Test func aModelThatIsNotReadyClosesTheServerToItAlone() {
    var table = EndpointTable(["a", "b"], Settings(breaker: Self.breaker))
    table.fail(1, model: "m", .modelFailure)
    #expect((0..<3).map { _ in table.send(model: "m") } == [2, 2, 2])
    #expect(table.send(model: "other") == 1)
    #expect(table.send(model: nil) == 1)
    #expect(!table.isSuspect(id: 1, at: .start))
    // The other model's answers say nothing about this one.
    table.end(1, model: "other", .success)
    #expect(table.send(model: "m", excluding: [2]) == 2)
    let probe = table.choose(model: "m", sequence: nil, excluding: [2], at: .second(1))
    #expect(probe == .endpoint(id: 1, isProbe: true))
    table.end(1, model: "m", .modelFailure, at: .second(1))
    #expect(table.send(model: "m", excluding: [2], at: .second(2.9)) == 2)
    #expect(table.send(model: "m", excluding: [2], at: .second(3)) == 1)
    table.end(1, model: "m", .success, at: .second(3))
    let call = table.choose(model: "m", sequence: nil, excluding: [2], at: .second(3))
    #expect(call == .endpoint(id: 1, isProbe: false))
  }

  @Test(arguments: [AttemptVerdict.neutral, .endpointFailure])
  func aModelsProbeThatDoesNotReachItMakesRoomForAnother(verdict: AttemptVerdict) {
    var table = EndpointTable(["a"], Settings(breaker: Self.breaker))
    table.fail(1, model: "m", .modelFailure)
    #expect(table.send(model: "m", at: .second(1)) == 1)
    #expect(table.send(model: "m", at: .second(1)) == nil)
    table.end(1, model: "m", verdict, at: .second(1))
    #expect(table.send(model: "m", at: .second(1)) == 1)
  }

  @Test func aCallForAModelNeedsBothBreakers() {
    var table = EndpointTable(["a"], Settings(breaker: Self.breaker))
    table.fail(1, model: "m", .modelFailure, at: .start)
    table.fail(1, model: "m", .endpointFailure, at: .second(0.5))
    #expect(table.send(model: "m", at: .second(1.2)) == nil)
    #expect(table.refusal(model: "m", sequence: nil, at: .start).retryAt == .second(1.5))
    #expect(table.send(model: "m", at: .second(1.5)) == 1)
    // It is the probe of both.
    #expect(table.send(model: "m", at: .second(1.5)) == nil)
    #expect(table.send(model: nil, at: .second(1.5)) == nil)
    table.end(1, model: "m", .success, at: .second(1.5))
    #expect(table.send(model: nil, at: .second(1.5)) == 1)
    #expect(table.send(model: "m", at: .second(1.5)) == 1)
  }

  @Test func theLaterOfBothBreakersCounts() {
    var table = EndpointTable(["a"], Settings(breaker: Self.breaker))
    table.fail(1, model: "m", .modelFailure)
    #expect(table.send(model: "m", at: .second(1)) == 1)
    table.end(1, model: "m", .modelFailure, at: .second(1))
    table.fail(1, model: nil, .endpointFailure, at: .second(1.5))
    #expect(table.refusal(model: nil, sequence: nil, at: .second(2)).retryAt == .second(2.5))
    #expect(table.refusal(model: "m", sequence: nil, at: .second(2)).retryAt == .second(3))
    #expect(table.send(model: "m", at: .second(2.9)) == nil)
    #expect(table.send(model: "m", at: .second(3)) == 1)
  }

  @Test func disabledBreakersRefuseNothing() {
    var table = EndpointTable(["a"], Settings(breaker: .disabled))
    for _ in 0..<1_000 {
      table.end(1, .endpointFailure)
      table.end(1, .modelFailure)
    }
    #expect(
      table.choose(model: "m", sequence: nil, excluding: [], at: .start) == .endpoint(id: 1, isProbe: false))
  }

  // MARK: Probes of health checks

  @Test func whereHealthChecksProbeCallsGoElsewhere() {
    var table = self.opened(["a", "b"], fallback: ["z"], probesWithCalls: false, at: [1: .start])
    #expect((0..<3).map { _ in table.send(at: .second(9)) } == [2, 2, 2])
    // Not even one that failed in the call, or of a later tier, is worse.
    #expect(table.send(excluding: [2, 3], at: .second(9)) == 2)
    table.fail(2, .endpointFailure, at: .second(9))
    #expect(table.send(at: .second(9)) == 3)
    #expect(table.recordHealth(id: 1, isHealthy: true, at: .second(9)) == nil)
    #expect(table.send(at: .second(9)) == 1)
  }

  @Test func whereHealthChecksProbeACallStillDoesWhenNoServerIsLeft() {
    var table = self.opened(["a"], fallback: ["z"], probesWithCalls: false, at: [1: .start, 2: .start])
    #expect(table.send(at: .second(0.5)) == nil)
    #expect(
      table.choose(model: nil, sequence: nil, excluding: [], at: .second(1))
        == .endpoint(id: 1, isProbe: true))
    #expect(
      table.choose(model: nil, sequence: nil, excluding: [], at: .second(1))
        == .endpoint(id: 2, isProbe: true))
    #expect(table.send(at: .second(1)) == nil)
  }

  @Test func aModelsProbeIsAlwaysACall() {
    let settings = Settings(breaker: Self.breaker, probesWithCalls: false)
    var table = EndpointTable(["a"], fallback: ["z"], settings)
    table.fail(1, model: "m", .modelFailure)
    #expect(table.send(model: "m", at: .second(0.9)) == 2)
    #expect(
      table.choose(model: "m", sequence: nil, excluding: [], at: .second(1))
        == .endpoint(id: 1, isProbe: true))
  }

  // MARK: Ejection

  @Test func aServerIsEjectedAfterSoManyFailedChecksInARowAndReturns() {
    var table = EndpointTable(["a"], Settings(unhealthyAfter: 3))
    func check(_ isHealthy: Bool) -> EndpointTable.HealthChange? {
      table.recordHealth(id: 1, isHealthy: isHealthy, at: .start)
    }
    #expect(check(false) == nil && check(false) == nil && check(true) == nil)
    #expect(check(false) == nil && check(false) == nil)
    #expect(!table.isSuspect(id: 1, at: .start))
    #expect(check(false) == .ejected)
    #expect(table.isSuspect(id: 1, at: .start))
    #expect(check(false) == nil)
    #expect(check(true) == .returned)
    #expect(check(true) == nil)
    #expect(!table.isSuspect(id: 1, at: .start))
    #expect(check(false) == nil)
  }

  @Test func ejectedServersAreUsedWhenNothingElseIsLeft() {
    var table = EndpointTable(["a", "b"], fallback: ["z"], Settings(breaker: Self.breaker))
    table.eject(1)
    #expect((0..<3).map { _ in table.send() } == [2, 2, 2])
    #expect(table.send(excluding: [2, 3]) == 2)
    table.eject(2)
    #expect(table.send() == 3)
    table.fail(3, .endpointFailure)
    #expect(table.send() == 1)
    table.fail(1, .endpointFailure)
    #expect(table.send() == 2)
    table.fail(2, .endpointFailure)
    #expect(table.send() == nil)
    #expect(table.recordHealth(id: 2, isHealthy: true, at: .start) == .returned)
    #expect(table.send() == 2)
  }

  @Test func anEjectedServerIsWorseThanOneThatFailedInTheCall() {
    var table = EndpointTable(["a", "b"])
    table.eject(1)
    #expect(table.send(excluding: [2]) == 2)
  }

  @Test func aServerThatReturnsHasItsModelsBack() {
    var table = EndpointTable(["a"], Settings(breaker: Self.breaker, unhealthyAfter: 1))
    table.fail(1, model: "m", .modelFailure)
    _ = table.recordHealth(id: 1, isHealthy: true, at: .start)
    #expect(table.send(model: "m") == nil)
    table.eject(1)
    #expect(table.recordHealth(id: 1, isHealthy: true, at: .start) == .returned)
    #expect(table.send(model: "m") == 1)
  }

  @Test func aBreakerThatIsNotClosedIsSuspect() {
    var table = self.opened(["a", "b"], at: [1: .start])
    #expect(table.isSuspect(id: 1, at: .start) && table.isSuspect(id: 1, at: .second(9)))
    #expect(!table.isSuspect(id: 2, at: .start))
    _ = table.recordHealth(id: 1, isHealthy: true, at: .start)
    #expect(!table.isSuspect(id: 1, at: .start))
  }

  // MARK: Refusals

  @Test func aRefusalNamesTheEarliestTryAndWhoIsOut() {
    var table = self.opened(
      ["a", "b"], fallback: ["z"], at: [1: .second(0.5), 2: .second(0.3), 3: .second(0.7)])
    table.eject(3)
    var expected = EndpointTable.Refusal()
    expected.retryAt = .second(1.3)
    expected.openBreakers = ["a", "b", "z"]
    expected.ejected = ["z"]
    #expect(table.refusal(model: nil, sequence: nil, at: .second(0.8)) == expected)
    let choice = table.choose(model: nil, sequence: nil, excluding: [], at: .second(0.8))
    #expect(choice == .refused(expected))
    // Then the try is let through.
    #expect(table.send(at: .second(1.299)) == nil)
    #expect(table.send(at: .second(1.3)) == 2)
  }

  @Test func whileAProbeIsInFlightTheNextTryIsOneIntervalAhead() {
    var table = self.opened(["a"], at: [1: .start])
    #expect(table.send(at: .second(4)) == 1)
    #expect(table.refusal(model: nil, sequence: nil, at: .second(4)).retryAt == .second(5))
  }

  @Test func whatIsNotRefusedMayBeTriedNow() {
    let table = EndpointTable(["a"])
    var expected = EndpointTable.Refusal()
    expected.retryAt = .second(3)
    #expect(table.refusal(model: nil, sequence: nil, at: .second(3)) == expected)
  }

  // MARK: Alternatives

  @Test func anAlternativeHasNotFailedAndNeedsNoProbe() {
    var table = EndpointTable(["a", "b"], fallback: ["z"], Settings(breaker: Self.breaker))
    func hasAlternative(to failed: Set<Int>, at now: MonotonicInstant = .start) -> Bool {
      table.hasAlternative(to: failed, model: "m", at: now)
    }
    #expect(hasAlternative(to: [1]) && hasAlternative(to: [1, 2]))
    #expect(!hasAlternative(to: [1, 2, 3]))
    table.fail(3, .endpointFailure)
    #expect(!hasAlternative(to: [1, 2]) && !hasAlternative(to: [1, 2], at: .second(9)))
    #expect(hasAlternative(to: [1]))
    table.fail(2, model: "m", .modelFailure)
    #expect(!hasAlternative(to: [1]))
    #expect(table.hasAlternative(to: [1], model: "other", at: .start))
    table.eject(2)
    #expect(!table.hasAlternative(to: [1], model: "other", at: .start))
  }
}
