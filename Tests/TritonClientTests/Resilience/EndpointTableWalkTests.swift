// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing

@testable import TritonClient

/// A table under calls, ends, checks and changes at random, and beside it what must be true of it whatever happens.
@Suite struct EndpointTableWalkTests {
  private struct Walk {
    struct Call {
      let id: Int
      let model: String?
    }

    var table: EndpointTable
    var random: FixedDraws
    var now = MonotonicInstant.start
    var calls: [Call] = []
    var lastUse: [Int: Int] = [:]
    var useCount = 0
    var pins: [String: Int] = [:]
    var probeCount = 0
    var refusalCount = 0
    var lastResortCount = 0

    /// Whether servers fail as a rule.
    var isOutage: Bool { self.stepCount % 500 > 250 }
    var stepCount = 0

    init(seed: UInt64) {
      self.random = FixedDraws(seed: seed)
      let settings = EndpointTable.Settings(
        loadBalancing: Bool.random(using: &self.random) ? .roundRobin : .leastOutstanding,
        breaker: CircuitBreaker(failureThreshold: Int.random(in: 1...3, using: &self.random)),
        unhealthyAfter: Int.random(in: 1...3, using: &self.random),
        probesWithCalls: Bool.random(using: &self.random)
      )
      self.table = EndpointTable(["a", "b", "c"], fallback: ["y", "z"], settings)
    }

    mutating func step() {
      self.stepCount += 1
      self.now = self.now + .milliseconds(Int.random(in: 0...40, using: &self.random))
      switch Int.random(in: 0..<100, using: &self.random) {
      case 0..<35: self.choose()
      case 35..<75: self.finish()
      case 75..<80: self.sequence()
      case 80..<99: self.check()
      default: self.change()
      }
      for endpoint in self.table.endpoints {
        let count = self.calls.count { $0.id == endpoint.id }
        expectHolds(endpoint.outstanding == count, "\(endpoint.outstanding) outstanding, not \(count)")
      }
    }

    private mutating func choose() {
      let model = ["m", "n", nil].randomElement(using: &self.random) ?? nil
      let ids = self.table.endpoints.map(\.id)
      let excluded = Set(ids.filter { _ in Int.random(in: 0..<4, using: &self.random) == 0 })
      let before = self.table
      switch self.table.choose(model: model, sequence: nil, excluding: excluded, at: self.now) {
      case .refused(let refusal): self.examine(refusal, model: model, in: before)
      case .endpoint(let id, let isProbe):
        self.examine(id, isProbe: isProbe, model: model, excluding: excluded, in: before)
        self.begin(id, model: model)
      }
    }

    private mutating func begin(_ id: Int, model: String?) {
      self.calls.append(Call(id: id, model: model))
      self.useCount += 1
      self.lastUse[id] = self.useCount
    }

    private mutating func examine(_ refusal: EndpointTable.Refusal, model: String?, in table: EndpointTable) {
      self.refusalCount += 1
      let same = table.refusal(model: model, sequence: nil, at: self.now)
      expectHolds(same == refusal, "a refusal is what `refusal` says")
      let instants = table.endpoints.compactMap { endpoint -> MonotonicInstant? in
        guard case .refused(let until) = endpoint.admission(of: model, at: self.now) else { return nil }
        return until
      }
      expectHolds(instants.count == table.endpoints.count, "a call is refused when all breakers refuse it")
      expectHolds(refusal.retryAt == instants.min(), "a refusal names the earliest try")
      expectHolds(refusal.retryAt.map { $0 > self.now } ?? table.endpoints.isEmpty, "the next try is not now")
      expectHolds(
        refusal.openBreakers == table.endpoints.map(\.key), "a refusal names whose breakers are open")
      let ejected = table.endpoints.filter(\.isEjected).map(\.key)
      expectHolds(refusal.ejected == ejected, "a refusal names who is ejected")
    }

    private mutating func examine(
      _ id: Int,
      isProbe: Bool,
      model: String?,
      excluding excluded: Set<Int>,
      in table: EndpointTable
    ) {
      let usable = table.endpoints.filter { endpoint in
        if case .refused = endpoint.admission(of: model, at: self.now) { return false }
        return true
      }
      guard let chosen = usable.first(where: { $0.id == id }) else {
        Issue.record("\(id) is no usable server")
        return
      }
      let admission = chosen.admission(of: model, at: self.now)
      expectHolds(isProbe == (admission == .probe), "a probe is what the breakers let through as one")
      if isProbe { self.probeCount += 1 }
      var rivals = usable
      /// Those that are as good so far; a chosen one that is worse than any is a fault.
      func keep(_ rule: String, _ isWorse: (EndpointTable.Endpoint) -> Bool) {
        expectHolds(!isWorse(chosen) || rivals.allSatisfy(isWorse), "\(id) is worse than another: \(rule)")
        rivals.removeAll { isWorse($0) != isWorse(chosen) }
      }
      keep("ejected") { $0.isEjected }
      if chosen.isEjected { self.lastResortCount += 1 }
      if !table.settings.probesWithCalls || chosen.isEjected {
        keep("half-open") { $0.admission(at: self.now) == .probe }
      }
      keep("failed before") { excluded.contains($0.id) }
      keep("later tier") { $0.tier == 1 }
      if table.settings.loadBalancing == .leastOutstanding {
        let isLeast = rivals.allSatisfy { $0.outstanding >= chosen.outstanding }
        expectHolds(isLeast, "\(id) is busier than another")
        rivals.removeAll { $0.outstanding > chosen.outstanding }
      }
      // Each in turn: it is the one whose last call is the longest ago.
      let use = self.lastUse[id] ?? 0
      let isNext = rivals.allSatisfy { (self.lastUse[$0.id] ?? 0) >= use }
      expectHolds(isNext, "it is not the turn of \(id)")
    }

    private mutating func finish() {
      guard let index = self.calls.indices.randomElement(using: &self.random) else { return }
      let call = self.calls.remove(at: index)
      let good: [AttemptVerdict] = [.success, .success, .endpointFailure, .modelFailure, .neutral]
      let bad: [AttemptVerdict] = [
        .endpointFailure, .endpointFailure, .endpointFailure, .modelFailure, .neutral,
      ]
      let verdict = (self.isOutage ? bad : good).randomElement(using: &self.random) ?? .neutral
      self.table.finish(
        id: call.id, model: call.model, verdict: verdict, latency: .milliseconds(3), at: self.now)
    }

    /// A request of one of a few sequences.
    private mutating func sequence() {
      let id = "\(Int.random(in: 0..<8, using: &self.random))"
      let pin = EndpointTable.SequencePin(
        id: id,
        isStart: Int.random(in: 0..<3, using: &self.random) == 0,
        isEnd: Int.random(in: 0..<3, using: &self.random) == 0
      )
      let place = self.table.send(pin, at: self.now)
      if !pin.isStart, let pinned = self.pins[id] {
        expectHolds(place == nil || place == pinned, "a sequence stays where it is")
      }
      guard let place else { return }
      self.pins[id] = pin.isEnd ? nil : place
      self.begin(place, model: "m")
    }

    private mutating func check() {
      guard let endpoint = self.table.endpoints.randomElement(using: &self.random) else { return }
      let isHealthy = Int.random(in: 0..<40, using: &self.random) < (self.isOutage ? 1 : 24)
      let change = self.table.recordHealth(id: endpoint.id, isHealthy: isHealthy, at: self.now)
      let after = self.table.endpoints.first { $0.id == endpoint.id }
      expectHolds(change != .ejected || (!isHealthy && !endpoint.isEjected), "a failed check ejects, once")
      expectHolds((change == .returned) == (isHealthy && endpoint.isEjected), "a passed check returns, once")
      expectHolds((change == nil) == (after?.isEjected == endpoint.isEjected), "what changes is told")
      let isSuspect = self.table.isSuspect(id: endpoint.id, at: self.now)
      expectHolds(!isHealthy || !isSuspect, "a healthy server is not suspect")
    }

    /// Servers come and go.
    private mutating func change() {
      let before = self.table.endpoints
      let keys = ["a", "b", "c", "d"].filter { _ in Int.random(in: 0..<4, using: &self.random) > 0 }
      let changes = self.table.update(tier: 0, keys: keys, at: self.now)
      let first = self.table.endpoints.filter { $0.tier == 0 }
      #expect(first.map(\.key).sorted() == keys)
      #expect(Set(changes.added.map(\.id)).isDisjoint(with: before.map(\.id)))
      #expect(changes.added.allSatisfy { change in (before.map(\.id).max() ?? 0) < change.id })
      let stayed = Set(before.map(\.id)).subtracting(changes.removed)
      #expect(stayed.union(changes.added.map(\.id)) == Set(self.table.endpoints.map(\.id)))
      // What ends at one that is gone changes nothing: a part of these calls ends later, a part never.
      self.calls.removeAll { changes.removed.contains($0.id) && $0.id % 2 == 0 }
    }
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func whateverHappensTheRulesHold(seed: UInt64) {
    var walk = Walk(seed: seed)
    for _ in 0..<2_000 { walk.step() }
    #expect(walk.probeCount > 0 && walk.refusalCount > 0 && walk.lastResortCount > 0)
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func everyUsableServerGetsItsShareInRoundRobin(seed: UInt64) {
    var random = FixedDraws(seed: seed)
    let count = Int.random(in: 1...9, using: &random)
    let settings = EndpointTable.Settings(loadBalancing: .roundRobin)
    var table = EndpointTable((0..<count).map { "server \($0)" }, settings)
    for _ in 0..<20 {
      // Some history, so that the turns begin anywhere.
      for _ in 0..<Int.random(in: 0..<20, using: &random) {
        _ = table.send(excluding: [Int.random(in: 1...count, using: &random)])
      }
      let ejected = Set((1...count).filter { _ in Int.random(in: 0..<3, using: &random) == 0 })
      for id in 1...count {
        if ejected.contains(id) {
          table.eject(id)
        } else {
          _ = table.recordHealth(id: id, isHealthy: true, at: .start)
        }
      }
      let usable = ejected.count == count ? ejected : Set(1...count).subtracting(ejected)
      let rounds = Int.random(in: 1...5, using: &random)
      let places = (0..<rounds * usable.count).compactMap { _ in table.send() }
      for id in usable { #expect(places.count { $0 == id } == rounds) }
    }
  }
}
