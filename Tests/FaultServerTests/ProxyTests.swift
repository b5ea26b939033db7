// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing
import TritonClient

/// What the proxy itself promises to the tests that need it.
@Suite(.timeLimit(.minutes(1))) struct ProxyTests {
  @Test func thePortLeadsToAnotherServer() async throws {
    try await FaultyRoute.with { behind in
      try await FaultyRoute.with { route in
        let client = try route.client()
        try await client.expectToWork()
        #expect(try await behind.report().accepted == 0)
        try await route.change(to: ["upstream_port": .int(Int64(behind.port))])
        // The connection that exists leads where it led.
        try await client.expectToWork()
        #expect(try await behind.report().accepted == 0)
        try await route.change(drops: true)
        try await client.waitUntilReady(timeout: .seconds(20), interval: .milliseconds(20))
        try await client.expectToWork()
        #expect(try await behind.report().accepted == 1)
      }
    }
  }

  @Test func aPortMayLeadElsewhereFromTheBeginning() async throws {
    try await FaultyRoute.with { behind in
      try await FaultyRoute.with(["upstream_port": .int(Int64(behind.port))]) { route in
        try await route.client().expectToWork()
        #expect(try await behind.report().accepted == 1)
      }
    }
  }

  @Test func withoutAServerBehindItThePortEndsConnections() async throws {
    try await FaultyRoute.with { behind in
      try await behind.change(listens: false)
      try await FaultyRoute.with(["upstream_port": .int(Int64(behind.port))]) { route in
        let client = try route.client()
        let error = try #require(try await client.ending(of: .echo(), timeout: .seconds(20)).failure)
        #expect([.unavailable, .deadlineExceeded].contains(error.code), "\(error)")
        try await behind.change()
        try await client.waitUntilReady(timeout: .seconds(20), interval: .milliseconds(20))
        try await client.expectToWork()
      }
    }
  }
}

/// Ports of other addresses, for names that lead to several.
extension ProxyTests {
  private func open(_ parameters: [String: InferenceParameter]) async throws -> [String: InferenceParameter] {
    var request = InferenceRequest(model: "proxy.open")
    request.parameters = parameters
    return try await FaultServer.client().infer(request).parameters
  }

  private func close(_ name: InferenceParameter) async throws {
    var request = InferenceRequest(model: "proxy.close")
    request.parameters = ["port": name]
    _ = try await FaultServer.client().infer(request)
  }

  @Test func aPortMayBelongToAnotherAddress() async throws {
    try await FaultyRoute.with { first in
      let parameters: [String: InferenceParameter] = [
        "address": "127.0.0.2", "listen_port": .int(Int64(first.port)),
      ]
      let second = try await self.open(parameters)
      let name = try #require(second["port"])
      #expect(second["listens"]?.number == first.port)
      #expect(name.number != first.port)
      let client = try InferenceServerClient("grpc://127.0.0.2:\(first.port)", configuration: .sentOnce)
      try await client.expectToWork()
      #expect(try await first.report().accepted == 0)
      try await self.close(name)
      let error = try #require(try await client.ending(of: .echo(), timeout: .seconds(20)).failure)
      #expect(error.code == .unavailable)
      try await first.client().expectToWork()
    }
  }

  @Test(arguments: ["0.0.0.0", "127.0.0.255", "192.168.0.1", "localhost", ""])
  func anAddressOfOtherMachinesIsRefused(address: String) async throws {
    var request = InferenceRequest(model: "proxy.open")
    request.parameters = ["address": .string(address)]
    let error = try await FaultServer.client().failure(of: request)
    #expect(error.code == .invalidArgument)
  }
}

/// Connections of which some end, at random.
extension ProxyTests {
  /// What a number of clients, each with a connection of its own, make of a port.
  private func use(
    _ route: FaultyRoute,
    clients: Int
  ) async throws -> (failures: Int, report: FaultyRoute.Report) {
    var failures = 0
    for _ in 0..<clients {
      let client = try route.client()
      let ending = try await client.ending(of: .zeros(20_000), timeout: .seconds(20))
      failures += ending.failure == nil ? 0 : 1
      client.close()
    }
    return (failures, try await route.report())
  }

  @Test func aShareOfTheConnectionsEnds() async throws {
    var sequences: [[Int]] = []
    for seed in [1, 1, 2] as [Int64] {
      let faults: [String: InferenceParameter] = [
        "drop_fraction": 0.3, "drop_within": 20_000, "drop_seed": .int(seed),
      ]
      try await FaultyRoute.with(faults) { route in
        let (failures, report) = try await self.use(route, clients: 60)
        // Binomial: 60 connections and 0.3; outside of this once in 100,000 seeds.
        #expect((5...33).contains(report.dropped), "seed \(seed): \(report)")
        // An upload is shorter than that, and a connection that ends before it is one is made again.
        #expect((1...report.dropped).contains(failures), "seed \(seed): \(failures) of \(report)")
        sequences.append([failures, report.accepted, report.dropped])
      }
    }
    #expect(sequences[0] == sequences[1], "the same seed must drop the same connections")
    #expect(sequences[0] != sequences[2])
  }

  @Test(arguments: [0, 1] as [Double])
  func noneOrAllOfTheConnectionsEnd(fraction: Double) async throws {
    try await FaultyRoute.with(["drop_fraction": .double(fraction), "drop_within": 100]) { route in
      let client = try route.client()
      let ending = try await client.ending(of: .zeros(20_000), timeout: .seconds(2))
      let report = try await route.report()
      #expect((ending.failure == nil) == (fraction == 0))
      #expect(report.dropped == (fraction == 0 ? 0 : report.accepted))
    }
  }

  @Test(arguments: ["drop_fraction", "drop_within", "upstream_port"])
  func whatCannotBeIsRefused(name: String) async throws {
    var request = InferenceRequest(model: "proxy.open")
    request.parameters[name] = "-1"
    let error = try await FaultServer.client().failure(of: request)
    #expect(error.code == .invalidArgument)
    #expect(error.message.contains(name))
  }
}

/// Connections whose other side has gone without a word.
extension ProxyTests {
  @Test func aBlackHoleTakesAllAndGivesNothing() async throws {
    try await FaultyRoute.with(["black_hole": true]) { route in
      let client = try route.client()
      let ending = try await client.ending(of: .echo(), timeout: .milliseconds(500))
      #expect(ending.failure?.code == .deadlineExceeded)
      let report = try await route.report()
      #expect(report.accepted == 1)
      #expect(report.open == 1)
      #expect(report.answered == 0)
      #expect(report.uploaded == 0)
    }
  }

  @Test func aConnectionMayBecomeHalfOpen() async throws {
    try await FaultyRoute.with { route in
      let client = try route.client()
      try await client.expectToWork()
      try await route.change(to: ["black_hole": true])
      // More than the buffers of the sockets hold: it is taken all the same.
      let tensor = Tensor(Array(repeating: 1 as UInt8, count: 48 << 10))
      for _ in 0..<3 {
        let ending = try await client.ending(of: .echo(["x": tensor]), timeout: .milliseconds(200))
        #expect(ending.failure?.code == .deadlineExceeded)
      }
      #expect(try await route.report().open == 1)
      #expect(try await route.report().accepted == 1)
    }
  }

  /// Who comes back knows nothing of the connections that others had.
  @Test func aHalfOpenConnectionIsResetAtTheEnd() async throws {
    try await FaultyRoute.with { route in
      let client = try route.client()
      try await client.expectToWork()
      try await route.change(to: ["black_hole": true])
      let call = Task { try await client.infer(.echo(), timeout: .seconds(50)) }
      try await Task.sleep(for: .milliseconds(100))
      try await route.change()
      let error = try await ending(of: call, within: slack).failure as? InferenceError
      #expect(error?.code == .unavailable)
      try await client.waitUntilReady(timeout: .seconds(20), interval: .milliseconds(20))
      try await client.expectToWork()
    }
  }

  @Test func theEndOfTheServersSideIsNotTold() async throws {
    try await FaultyRoute.with { behind in
      try await FaultyRoute.with(["upstream_port": .int(Int64(behind.port))]) { route in
        let client = try route.client()
        try await client.expectToWork()
        try await route.change(to: ["black_hole": true])
        try await behind.change(drops: true)
        let ending = try await client.ending(of: .echo(), timeout: .milliseconds(500))
        #expect(ending.failure?.code == .deadlineExceeded)
        #expect(try await route.report().open == 1)
        client.close()
        for _ in 0..<500 where try await route.report().open > 0 {
          try await Task.sleep(for: .milliseconds(10))
        }
        #expect(try await route.report().open == 0)
      }
    }
  }
}

extension ProxyTests {
  /// 32 MiB take half a second and the latency. If no more than what the proxy keeps of a fast connection were under
  /// way at a time, 1 MiB, they would take 6.4 seconds.
  @Test func latencyDoesNotLimitWhatPasses() async throws {
    try await FaultyRoute.with { route in
      let client = try route.client()
      // By now the server allows much to be on its way.
      for _ in 0..<3 { _ = try await client.ending(of: .zeros(32 << 20), timeout: .seconds(20)).get() }
      try await route.change(to: ["latency_ms": 200])
      let clock = ContinuousClock()
      let begin = clock.now
      _ = try await client.ending(of: .zeros(32 << 20), timeout: .seconds(20)).get()
      let elapsed = clock.now - begin
      #expect(elapsed >= .milliseconds(400))
      #expect(elapsed < .seconds(4))
    }
  }
}
