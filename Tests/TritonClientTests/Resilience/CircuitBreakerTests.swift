// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing

@testable import TritonClient

@Suite struct CircuitBreakerTests {
  private static let configuration = CircuitBreaker(
    failureThreshold: 3,
    openInterval: .seconds(1),
    multiplier: 2,
    maximumOpenInterval: .seconds(5)
  )

  /// A breaker that opened at the start.
  private func opened(_ configuration: CircuitBreaker = configuration) -> CircuitBreaker.State {
    var breaker = CircuitBreaker.State(configuration)
    for _ in 0..<configuration.failureThreshold { breaker.recordFailure(at: .start) }
    return breaker
  }

  @Test func theDefaultsAreThoseThatAreDocumented() {
    let defaults = CircuitBreaker.defaults
    #expect(defaults.failureThreshold == 5)
    #expect(defaults.openInterval == .seconds(1))
    #expect(defaults.multiplier == 2)
    #expect(defaults.maximumOpenInterval == .seconds(30))
  }

  @Test func itOpensAfterSoManyFailuresInARow() {
    var breaker = CircuitBreaker.State(Self.configuration)
    for _ in 0..<10 {
      breaker.recordFailure(at: .start)
      breaker.recordFailure(at: .start)
      breaker.recordSuccess()
    }
    #expect(breaker.phase(at: .start) == .closed)
    breaker.recordFailure(at: .start)
    breaker.recordFailure(at: .start)
    #expect(breaker.admit(at: .start) == .allowed)
    breaker.recordFailure(at: .start)
    #expect(breaker.phase(at: .start) == .open)
    #expect(breaker.admit(at: .start) == .refused(until: .second(1)))
  }

  @Test func oneProbeIsLetThroughAtATime() {
    var breaker = self.opened()
    #expect(breaker.admit(at: .second(0.999)) == .refused(until: .second(1)))
    #expect(breaker.phase(at: .second(1)) == .halfOpen)
    #expect(breaker.wouldAdmit(at: .second(1)) == .probe)
    #expect(breaker.wouldAdmit(at: .second(1)) == .probe)
    #expect(breaker.admit(at: .second(1)) == .probe)
    #expect(breaker.phase(at: .second(1.5)) == .halfOpen)
    #expect(breaker.admit(at: .second(1.5)) == .refused(until: .second(2.5)))
    breaker.recordSuccess()
    #expect(breaker.phase(at: .second(1.5)) == .closed)
    #expect(breaker.admit(at: .second(1.5)) == .allowed)
  }

  @Test func eachFailedProbeOpensItForLongerUpToTheBound() {
    var breaker = self.opened()
    var now = MonotonicInstant.second(1)
    for seconds in [2, 4, 5, 5, 5] as [Double] {
      #expect(breaker.admit(at: now) == .probe)
      breaker.recordFailure(at: now)
      #expect(breaker.wouldAdmit(at: now) == .refused(until: now + .seconds(seconds)))
      now = now + .seconds(seconds)
    }
    // A success begins anew.
    #expect(breaker.admit(at: now) == .probe)
    breaker.recordSuccess()
    for _ in 0..<3 { breaker.recordFailure(at: now) }
    #expect(breaker.wouldAdmit(at: now) == .refused(until: now + .seconds(1)))
  }

  @Test func anAbandonedProbeMakesRoomForAnother() {
    var breaker = self.opened()
    #expect(breaker.admit(at: .second(2)) == .probe)
    breaker.abandonProbe()
    #expect(breaker.admit(at: .second(2)) == .probe)
    breaker.recordFailure(at: .second(2))
    #expect(breaker.wouldAdmit(at: .second(2)) == .refused(until: .second(4)))
  }

  @Test func callsThatFailTogetherOpenItOnce() {
    var breaker = self.opened()
    for tenth in 1...9 { breaker.recordFailure(at: .second(Double(tenth) / 10)) }
    #expect(breaker.wouldAdmit(at: .second(0.95)) == .refused(until: .second(1)))
    // Late ones before any probe say nothing either.
    breaker.recordFailure(at: .second(3))
    #expect(breaker.wouldAdmit(at: .second(3)) == .probe)
  }

  @Test func aLateSuccessClosesIt() {
    var breaker = self.opened()
    breaker.recordSuccess()
    #expect(breaker.admit(at: .second(0.1)) == .allowed)
  }

  @Test func disabledNeverOpens() {
    var breaker = CircuitBreaker.State(.disabled)
    for _ in 0..<10_000 { breaker.recordFailure(at: .start) }
    #expect(breaker.phase(at: .start) == .closed)
    #expect(breaker.admit(at: .start) == .allowed)
  }

  @Test func nonsenseIsClamped() {
    let configuration = CircuitBreaker(
      failureThreshold: 0,
      openInterval: .seconds(-1),
      multiplier: .nan,
      maximumOpenInterval: .seconds(-2)
    )
    #expect(configuration.failureThreshold == 1)
    #expect(configuration.openInterval == .zero)
    #expect(configuration.multiplier == 1)
    #expect(configuration.maximumOpenInterval == .zero)
    #expect(CircuitBreaker(openInterval: .seconds(60)).maximumOpenInterval == .seconds(60))
  }

  @Test func hugeGrowthEndsAtTheBound() {
    let configuration = CircuitBreaker(
      failureThreshold: 1,
      openInterval: .seconds(1),
      multiplier: .infinity,
      maximumOpenInterval: .seconds(Int64.max)
    )
    var breaker = self.opened(configuration)
    #expect(breaker.admit(at: .second(1)) == .probe)
    breaker.recordFailure(at: .second(1))
    #expect(breaker.wouldAdmit(at: .second(9)) == .refused(until: .distantFuture))
  }

  @Test func phasesHaveNames() {
    #expect("\(CircuitBreaker.Phase.closed) \(CircuitBreaker.Phase.open)" == "closed open")
    #expect("\(CircuitBreaker.Phase.halfOpen)" == "halfOpen")
  }

  /// Beside a breaker, what is known of one from what it was told alone.
  @Test(arguments: 1...50 as ClosedRange<UInt64>)
  func inAnyWalkThereIsOneProbeAtATime(seed: UInt64) {
    var random = FixedDraws(seed: seed)
    var breaker = CircuitBreaker.State(Self.configuration)
    var now = MonotonicInstant.start
    var isProbeInFlight = false
    var failuresInARow = 0
    var probeCount = 0
    for _ in 0..<3_000 {
      now = now + .milliseconds(Int.random(in: 0...400, using: &random))
      let phase = breaker.phase(at: now)
      expectHolds((phase == .closed) == (failuresInARow < 3), "\(phase) after \(failuresInARow) failures")
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<5:
        let expected = breaker.wouldAdmit(at: now)
        let admission = breaker.admit(at: now)
        expectHolds(admission == expected, "a call is let through as was said")
        switch admission {
        case .allowed: expectHolds(phase == .closed, "a call is let through while \(phase)")
        case .probe:
          expectHolds(phase == .halfOpen && !isProbeInFlight, "a second probe, or one while \(phase)")
          isProbeInFlight = true
          probeCount += 1
        case .refused(let until):
          expectHolds(phase == .open || isProbeInFlight, "a call is refused while \(phase)")
          expectHolds(until > now && until <= now + .seconds(5), "the next try is \(until - now) ahead")
        }
      case 5..<8:
        // What ends is the probe, or one of the calls that a closed breaker let through.
        guard isProbeInFlight || phase == .closed else { continue }
        breaker.recordFailure(at: now)
        failuresInARow += 1
        expectHolds(!isProbeInFlight || breaker.phase(at: now) == .open, "a failed probe opens it")
        isProbeInFlight = false
      case 8:
        guard isProbeInFlight || phase == .closed else { continue }
        breaker.recordSuccess()
        failuresInARow = 0
        isProbeInFlight = false
      default:
        guard isProbeInFlight else { continue }
        breaker.abandonProbe()
        isProbeInFlight = false
        expectHolds(breaker.phase(at: now) == .halfOpen, "an abandoned probe changes nothing else")
      }
    }
    #expect(probeCount > 20)
  }
}
