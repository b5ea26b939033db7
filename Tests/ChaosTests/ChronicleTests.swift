// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import ChaosScenarios
import Testing

/// The figures of the table, made of times that are known.
@Suite struct ChronicleTests {
  private let begin = ContinuousClock.now

  private func time(_ milliseconds: Int) -> ContinuousClock.Instant {
    self.begin + .milliseconds(milliseconds)
  }

  /// From 1,000 to 3,000 ms, in force from 1,010 ms on.
  private func disturbance(leavesOthers: Bool, model: String? = nil) -> Chronicle.Disturbance {
    Chronicle.Disturbance(
      endpoint: "a",
      model: model,
      begin: self.time(1_000),
      inForce: self.time(1_010),
      end: self.time(3_000),
      leavesOthers: leavesOthers
    )
  }

  private func chronicle(
    attempts: [(endpoint: String, begin: Int, end: Int, hasFailed: Bool)],
    model: String? = nil
  ) -> Chronicle {
    var chronicle = Chronicle()
    for attempt in attempts {
      chronicle.addAttempt(
        at: attempt.endpoint,
        model: model,
        from: self.time(attempt.begin),
        to: self.time(attempt.end),
        hasFailed: attempt.hasFailed
      )
    }
    return chronicle
  }

  @Test func theFirstFailureOfTheServerIsWhenItIsNoticed() {
    let chronicle = self.chronicle(attempts: [
      ("a", 0, 900, true), ("b", 1_000, 1_010, true), ("a", 900, 1_300, true), ("a", 950, 1_200, true),
    ])
    #expect(chronicle.timeToNotice(self.disturbance(leavesOthers: true)) == .milliseconds(200))
  }

  @Test func aLossThatIsToldIsNoticedToo() {
    var chronicle = self.chronicle(attempts: [("a", 900, 1_300, true)])
    chronicle.addLoss(of: "b", at: self.time(1_050))
    chronicle.addLoss(of: "a", at: self.time(1_100))
    #expect(chronicle.timeToNotice(self.disturbance(leavesOthers: true)) == .milliseconds(100))
  }

  @Test func whatDoesNotFailIsNotNoticed() {
    let chronicle = self.chronicle(attempts: [("a", 900, 3_100, false), ("a", 0, 900, true)])
    #expect(chronicle.timeToNotice(self.disturbance(leavesOthers: true)) == nil)
  }

  @Test func withAnotherServerTheSlowestOfTheRunsUnderWayCounts() {
    var chronicle = Chronicle()
    for (run, milliseconds) in [
      (0, 900), (1, 950), (0, 1_020), (1, 1_005), (1, 1_400), (1, 1_900), (2, 2_500),
    ] {
      chronicle.addStep(ofRun: run, at: self.time(milliseconds))
    }
    #expect(chronicle.timeToRecover(self.disturbance(leavesOthers: true)) == .milliseconds(400))
  }

  @Test func withoutAnotherServerItsReturnIsTheBeginning() {
    var chronicle = Chronicle()
    for milliseconds in [900, 1_001, 1_020, 3_150, 3_200] {
      chronicle.addStep(ofRun: 0, at: self.time(milliseconds))
    }
    #expect(chronicle.timeToRecover(self.disturbance(leavesOthers: false)) == .milliseconds(150))
    #expect(Chronicle().timeToRecover(self.disturbance(leavesOthers: false)) == nil)
    #expect(Chronicle().timeToRecover(self.disturbance(leavesOthers: true)) == nil)
  }

  @Test func whatIsSentWhileItIsDeadCounts() {
    let chronicle = self.chronicle(attempts: [
      // Before, elsewhere, after.
      ("a", 900, 1_100, true), ("b", 1_500, 1_600, true), ("a", 3_000, 3_001, true),
      // In vain; answered after it; answered although it was to be dead.
      ("a", 1_500, 1_501, true), ("a", 2_000, 3_500, false), ("a", 2_000, 2_001, false),
    ])
    #expect(chronicle.attemptsSent(to: self.disturbance(leavesOthers: true)) == 2)
  }

  @Test func aServerThatLacksAModelIsDeadForThatModelAlone() {
    let attempts = [(endpoint: "a", begin: 1_500, end: 1_501, hasFailed: true)]
    let disturbance = self.disturbance(leavesOthers: true, model: "m")
    #expect(self.chronicle(attempts: attempts, model: "m").attemptsSent(to: disturbance) == 1)
    #expect(self.chronicle(attempts: attempts, model: "other").attemptsSent(to: disturbance) == 0)
    #expect(self.chronicle(attempts: attempts).attemptsSent(to: disturbance) == 0)
  }

  @Test(arguments: [
    (0, "0 ms"), (0.4, "0 ms"), (1, "1 ms"), (999.4, "999 ms"), (999.6, "1.00 s"), (1_005, "1.01 s"),
    (62_340, "62.34 s"),
  ])
  func durationsAreShort(milliseconds: Double, text: String) {
    #expect(inWords(.milliseconds(1) * milliseconds) == text)
  }
}
