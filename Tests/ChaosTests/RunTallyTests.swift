// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import ChaosScenarios
import Testing

/// What makes `make chaos` fail.
@Suite struct RunTallyTests {
  private struct Loss: Error {}

  @Test func aRunThatMakesItsPictureIsNoProblem() {
    var tally = RunTally()
    tally.count(0, .success(true))
    tally.count(1, .success(true))
    #expect((tally.started, tally.finished, tally.identical) == (2, 2, 2))
    #expect(tally.problems == [])
  }

  @Test func anotherPictureIsAProblem() {
    var tally = RunTally()
    tally.count(4, .success(false))
    #expect((tally.started, tally.finished, tally.identical) == (1, 1, 0))
    #expect(tally.problems == ["run 4 made another picture"])
  }

  @Test func aLostRunIsAProblem() {
    var tally = RunTally()
    tally.count(5, .failure(Loss()))
    #expect((tally.started, tally.finished, tally.identical) == (1, 0, 0))
    #expect(tally.problems == ["run 5 was lost: Loss()"])
  }

  @Test func whatWorkersCountedIsAdded() {
    var tally = RunTally()
    tally.count(0, .success(true))
    for run in 1...30 {
      var other = RunTally()
      other.count(run, .failure(Loss()))
      tally.add(other)
    }
    #expect((tally.started, tally.finished, tally.identical) == (31, 1, 1))
    // The first ones are enough to begin with.
    #expect((1..<30).contains(tally.problems.count))
    #expect(tally.problems.first == "run 1 was lost: Loss()")
  }
}
