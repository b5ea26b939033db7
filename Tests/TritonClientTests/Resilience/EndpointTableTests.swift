// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing

@testable import TritonClient

@Suite struct EndpointTableTests {
  private typealias Settings = EndpointTable.Settings

  /// Where calls go that are in flight one at a time.
  private func places(_ count: Int, in table: inout EndpointTable, excluding: Set<Int> = []) -> [Int] {
    (0..<count).compactMap { _ in
      let id = table.send(excluding: excluding)
      if let id { table.end(id) }
      return id
    }
  }

  // MARK: Balance

  @Test(arguments: [LoadBalancing.roundRobin, .leastOutstanding])
  func equalServersAreTakenInTurn(way: LoadBalancing) {
    var table = EndpointTable(["a", "b", "c"], Settings(loadBalancing: way))
    #expect(self.places(7, in: &table) == [1, 2, 3, 1, 2, 3, 1])
  }

  @Test func roundRobinTakesEachInTurnHoweverBusy() {
    var table = EndpointTable(["a", "b"], Settings(loadBalancing: .roundRobin))
    // Calls to "a" end at once, those to "b" never do.
    for _ in 0..<5 {
      #expect(table.send() == 1)
      table.end(1)
      #expect(table.send() == 2)
    }
    #expect(table.outstanding(1) == 0 && table.outstanding(2) == 5)
  }

  @Test func leastOutstandingAvoidsTheBusyOne() {
    var table = EndpointTable(["a", "b"])
    #expect(table.send() == 1)
    for _ in 0..<5 {
      #expect(table.send() == 2)
      table.end(2)
    }
    table.end(1)
    #expect(table.send() == 1)
  }

  @Test func theWayIsTheOneThatIsSet() {
    #expect(LoadBalancing.roundRobin != .leastOutstanding)
    #expect(Settings().loadBalancing == .leastOutstanding)
  }

  @Test func aServerThatJoinsGetsItsShareAndNoMore() {
    var table = EndpointTable(["a", "b"], Settings(loadBalancing: .roundRobin))
    _ = self.places(100, in: &table)
    _ = table.add(key: "c", tier: 0, at: .start)
    let places = self.places(9, in: &table)
    for id in 1...3 { #expect(places.count { $0 == id } == 3) }
  }

  // MARK: Tiers and exclusion

  @Test func theLowestTierWithAUsableServerIsTaken() {
    var table = EndpointTable(["a"], fallback: ["z"])
    #expect(self.places(3, in: &table) == [1, 1, 1])
    table.fail(1, .endpointFailure)
    #expect(self.places(3, in: &table) == [2, 2, 2])
    table.end(1, .success)
    #expect(self.places(3, in: &table) == [1, 1, 1])
  }

  @Test func aServerThatFailedInTheCallComesLast() {
    var table = EndpointTable(["a", "b"], fallback: ["z"])
    #expect(self.places(3, in: &table, excluding: [1]) == [2, 2, 2])
    // One of a later tier that has not failed is better than one that has.
    #expect(self.places(3, in: &table, excluding: [1, 2]) == [3, 3, 3])
    #expect(Set(self.places(4, in: &table, excluding: [1, 2, 3])) == [1, 2])
  }

  @Test func theOnlyServerIsTakenAgain() {
    var table = EndpointTable(["a"])
    #expect(self.places(2, in: &table, excluding: [1]) == [1, 1])
  }

  // MARK: Members

  @Test func anEmptyTableRefuses() {
    var table = EndpointTable(Settings())
    let refusal = EndpointTable.Refusal()
    #expect(table.choose(model: nil, sequence: nil, excluding: [], at: .start) == .refused(refusal))
    #expect(refusal.retryAt == nil && refusal.openBreakers.isEmpty && refusal.ejected.isEmpty)
  }

  @Test func updatingKeepsThoseThatStay() {
    var table = EndpointTable(["a", "b"], fallback: ["b"])
    #expect(table.send(excluding: [2, 3]) == 1)
    table.eject(2)
    let changes = table.update(tier: 0, keys: ["c", "b", "c", "a"], at: .start)
    #expect(changes.added.map(\.id) == [4] && changes.added.map(\.key) == ["c"] && changes.removed == [])
    #expect(table.outstanding(1) == 1)
    #expect(table.isSuspect(id: 2, at: .start) && !table.isSuspect(id: 4, at: .start))
    // The other tier is left alone, though it has the same address.
    let others = table.update(tier: 0, keys: [], at: .start)
    #expect(others.added.isEmpty && others.removed == [1, 2, 4])
    #expect(table.endpoints.map(\.id) == [3])
    #expect(table.update(tier: 0, keys: ["b"], at: .start).added.map(\.id) == [5])
  }

  @Test func numbersAreNeverUsedAgain() {
    var table = EndpointTable(["a"])
    table.remove(id: 1)
    #expect(table.add(key: "a", tier: 0, at: .start) == 2)
    let changes = table.update(tier: 0, keys: ["b"], at: .start)
    #expect(changes.added.map(\.id) == [3] && changes.removed == [2])
  }

  @Test func whatEndsAtARemovedServerIsIgnored() {
    var table = EndpointTable(["a"])
    #expect(table.send() == 1)
    table.remove(id: 1)
    let other = table.add(key: "a", tier: 0, at: .start)
    table.end(1, .endpointFailure)
    #expect(table.outstanding(other) == 0)
    #expect(table.retries(1) == 0)
    #expect(table.recordHealth(id: 1, isHealthy: false, at: .start) == nil)
    #expect(!table.isSuspect(id: 1, at: .start))
    #expect(table.hedgeDelay(id: 1, policy: .afterP95) == nil)
  }

  // MARK: What is known of each

  @Test func eachServerHasItsOwnBudget() {
    var table = EndpointTable(["a", "b"], Settings(budget: RetryBudget(capacity: 2, tokensPerSecond: 0)))
    #expect(table.retries(1) == 2)
    for _ in 0..<10 { table.end(2, .success) }
    #expect(table.retries(1) == 0)
    for _ in 0..<10 { table.end(1, .success) }
    for verdict in [AttemptVerdict.neutral, .modelFailure, .endpointFailure] {
      for _ in 0..<10 { table.end(1, verdict) }
    }
    #expect(table.retries(1) == 1)
    #expect(table.retries(2) == 2)
  }

  @Test func aHedgeWaitsForTheServersOwnLatencies() {
    var table = EndpointTable(["a", "b"])
    for milliseconds in 1...100 {
      let latency = Duration.milliseconds(milliseconds)
      table.finish(id: 1, model: nil, verdict: .success, latency: latency, at: .start)
      // Neither failures nor what has no latency count.
      table.finish(id: 2, model: nil, verdict: .neutral, latency: latency, at: .start)
      table.finish(id: 2, model: nil, verdict: .success, latency: nil, at: .start)
    }
    #expect(table.hedgeDelay(id: 1, policy: .afterP95) == .milliseconds(95))
    #expect(table.hedgeDelay(id: 2, policy: .afterP95) == nil)
  }

  @Test func outstandingIsNeverNegative() {
    var table = EndpointTable(["a"])
    table.end(1)
    #expect(table.outstanding(1) == 0)
  }
}
