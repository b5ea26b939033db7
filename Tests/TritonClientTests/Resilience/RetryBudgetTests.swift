// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing

@testable import TritonClient

@Suite struct RetryBudgetTests {
  private func balance(
    capacity: Double = 10,
    tokensPerSuccess: Double = 0.1,
    tokensPerSecond: Double = 1
  ) -> RetryBudget.Balance {
    RetryBudget.Balance(
      RetryBudget(
        capacity: capacity, tokensPerSuccess: tokensPerSuccess, tokensPerSecond: tokensPerSecond),
      at: .start
    )
  }

  /// How many retries there are when all are wanted at once.
  private func retries(_ balance: inout RetryBudget.Balance, wanted: Int = 1_000, at now: MonotonicInstant)
    -> Int
  {
    (0..<wanted).count { _ in balance.withdraw(at: now) }
  }

  @Test func theDefaultsAreThoseThatAreDocumented() {
    let defaults = RetryBudget.defaults
    #expect(defaults.capacity == 100 && defaults.tokensPerSuccess == 0.1 && defaults.tokensPerSecond == 10)
  }

  @Test func aStormIsBoundedByTheCapacity() {
    var balance = self.balance()
    #expect(self.retries(&balance, wanted: 200, at: .start) == 10)
    #expect(balance.tokens(at: .start) == 0)
  }

  @Test func timeFillsTheBucketUpToItsCapacity() {
    var balance = self.balance()
    _ = self.retries(&balance, at: .start)
    #expect(balance.tokens(at: .second(2.5)) == 2.5)
    #expect(self.retries(&balance, at: .second(2.5)) == 2)
    #expect(balance.tokens(at: .second(3)) == 1)
    #expect(balance.tokens(at: .second(1_000)) == 10)
    #expect(self.retries(&balance, at: .second(1_000)) == 10)
  }

  @Test func tenSuccessesPayForOneRetry() {
    var balance = self.balance(tokensPerSecond: 0)
    _ = self.retries(&balance, at: .start)
    for _ in 0..<9 { balance.deposit(at: .start) }
    #expect(self.retries(&balance, at: .start) == 0)
    balance.deposit(at: .start)
    #expect(self.retries(&balance, at: .start) == 1)
  }

  @Test func successesDoNotOverfill() {
    var balance = self.balance()
    for _ in 0..<1_000 { balance.deposit(at: .start) }
    #expect(balance.tokens(at: .start) == 10)
  }

  @Test func aCapacityBelowOneAllowsNothing() {
    for capacity in [0.9, 0, -5, .nan] {
      var balance = self.balance(capacity: capacity)
      for _ in 0..<100 { balance.deposit(at: .second(9)) }
      #expect(self.retries(&balance, at: .second(99)) == 0)
    }
  }

  @Test func unlimitedHasNoLimit() {
    var balance = RetryBudget.Balance(.unlimited, at: .start)
    #expect(self.retries(&balance, wanted: 10_000, at: .start) == 10_000)
    balance.deposit(at: .second(1))
    #expect(balance.tokens(at: .second(2)) == .infinity)
  }

  @Test func nonsenseIsClamped() {
    #expect(
      RetryBudget(capacity: -1, tokensPerSuccess: -1, tokensPerSecond: .nan)
        == RetryBudget(capacity: 0, tokensPerSuccess: 0, tokensPerSecond: 0))
    var endless = self.balance(tokensPerSuccess: .infinity, tokensPerSecond: .infinity)
    _ = self.retries(&endless, wanted: 3, at: .start)
    #expect(endless.tokens(at: .start) == 7)
    #expect(endless.tokens(at: .second(1)) == 10)
  }

  @Test func timeThatSeemsToGoBackChangesNothing() {
    var balance = self.balance()
    #expect(self.retries(&balance, wanted: 4, at: .second(10)) == 4)
    #expect(balance.tokens(at: .second(5)) == 6)
    #expect(self.retries(&balance, wanted: 1, at: .second(5)) == 1)
    #expect(balance.tokens(at: .second(10)) == 5)
    #expect(balance.tokens(at: .second(11)) == 6)
  }

  @Test(arguments: 1...50 as ClosedRange<UInt64>)
  func noWalkLeavesTheBoundsOrSpendsMoreThanCameIn(seed: UInt64) {
    var random = FixedDraws(seed: seed)
    let capacity = Double.random(in: 1...20, using: &random)
    let perSuccess = Double.random(in: 0...1, using: &random)
    let perSecond = Double.random(in: 0...5, using: &random)
    var balance = self.balance(capacity: capacity, tokensPerSuccess: perSuccess, tokensPerSecond: perSecond)
    var seconds = 0.0
    var income = capacity
    var spent = 0.0
    for _ in 0..<2_000 {
      let pause = Double.random(in: 0...0.5, using: &random)
      seconds += pause
      income += pause * perSecond
      let now = MonotonicInstant.second(seconds)
      let before = balance.tokens(at: now)
      if Bool.random(using: &random) {
        balance.deposit(at: now)
        income += perSuccess
        expectHolds(balance.tokens(at: now) >= before, "a success takes no tokens")
      } else if balance.withdraw(at: now) {
        spent += 1
        expectHolds(abs(before - balance.tokens(at: now) - 1) < 1e-6, "a retry takes one token")
      } else {
        expectHolds(before < 1, "a retry is refused with \(before) tokens")
        expectHolds(balance.tokens(at: now) == before, "a refused retry takes no token")
      }
      let tokens = balance.tokens(at: now)
      expectHolds((0...capacity).contains(tokens), "\(tokens) tokens of \(capacity)")
    }
    #expect(spent <= income + 1e-3)
    #expect(spent > 0)
  }
}
