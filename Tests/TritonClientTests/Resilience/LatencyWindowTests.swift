// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing

@testable import TritonClient

@Suite struct LatencyWindowTests {
  private func window(_ milliseconds: some Sequence<Int>) -> LatencyWindow {
    var window = LatencyWindow()
    for latency in milliseconds { window.record(.milliseconds(latency)) }
    return window
  }

  @Test func fewLatenciesSayNothing() {
    #expect(LatencyWindow().quantile(0.5) == nil)
    #expect(self.window(1...19).quantile(0.5) == nil)
    #expect(self.window(1...20).quantile(0.5) == .milliseconds(10))
  }

  @Test func aQuantileIsTheNearestRank() {
    let window = self.window((1...100).reversed())
    #expect(window.quantile(0.95) == .milliseconds(95))
    #expect(window.quantile(0.951) == .milliseconds(96))
    #expect(window.quantile(0.07) == .milliseconds(7))
    #expect(window.quantile(0.01) == .milliseconds(1))
    #expect(self.window(1...20).quantile(0.95) == .milliseconds(19))
  }

  @Test func fractionsAreBounded() {
    let window = self.window(1...50)
    for fraction in [0, -1, -.infinity, .nan] as [Double] {
      #expect(window.quantile(fraction) == .milliseconds(1))
    }
    for fraction in [1, 2, .infinity] as [Double] { #expect(window.quantile(fraction) == .milliseconds(50)) }
  }

  @Test func onlyTheLatestCount() {
    #expect(self.window(1...1_000).quantile(0) == .milliseconds(1_000 - LatencyWindow.capacity + 1))
    #expect(self.window(1...1_000).quantile(1) == .milliseconds(1_000))
  }

  @Test(arguments: 1...5 as ClosedRange<UInt64>)
  func aQuantileIsThatOfTheLatestLatencies(seed: UInt64) {
    var random = FixedDraws(seed: seed)
    var window = LatencyWindow()
    var all: [Duration] = []
    for _ in 0..<400 {
      let latency = Duration.microseconds(Int.random(in: 0..<1_000, using: &random))
      window.record(latency)
      all.append(latency)
      let latest = all.suffix(LatencyWindow.capacity)
      let fraction = Double.random(in: 0.01...1, using: &random)
      guard let quantile = window.quantile(fraction) else {
        expectHolds(latest.count < LatencyWindow.minimumCount, "\(latest.count) latencies are enough")
        continue
      }
      // By definition: it is one of them, at least the fraction is not above it, and less than that is below it.
      let needed = fraction * Double(latest.count)
      expectHolds(latest.contains(quantile), "a quantile is one of the latencies")
      expectHolds(Double(latest.count { $0 <= quantile }) >= needed - 1e-6, "so many are not above it")
      expectHolds(Double(latest.count { $0 < quantile }) < needed, "fewer are below it")
    }
  }

  @Test func aHedgeWaitsForTheQuantileAndAtLeastTheMinimum() {
    #expect(HedgingPolicy.afterP95.delay(after: self.window(1...19)) == nil)
    #expect(HedgingPolicy.afterP95.delay(after: self.window(1...100)) == .milliseconds(95))
    #expect(
      HedgingPolicy.afterP95.delay(after: self.window(Array(repeating: 2, count: 50))) == .milliseconds(5))
    let median = HedgingPolicy(quantile: 0.5, minimumDelay: .zero)
    #expect(median.delay(after: self.window(1...100)) == .milliseconds(50))
  }

  @Test func nonsensePoliciesAreClamped() {
    #expect(
      HedgingPolicy(quantile: 7, minimumDelay: .seconds(-1))
        == HedgingPolicy(quantile: 1, minimumDelay: .zero))
    #expect(HedgingPolicy(quantile: .nan).quantile == 0)
  }
}
