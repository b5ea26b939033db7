// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing

@testable import TritonClient

/// What becomes of a connection, as its channel tells it.
@Suite(.timeLimit(.minutes(1))) struct ChannelStateTests {
  /// Reads states up to one; the result is all that were read. States that pass quickly may be left out by gRPC.
  private func read(
    _ states: inout AsyncStream<ChannelState>.Iterator,
    to last: ChannelState
  ) async -> [ChannelState] {
    var read: [ChannelState] = []
    while let state = await states.next() {
      read.append(state)
      if state == last { break }
    }
    return read
  }

  private func expect(
    _ read: [ChannelState],
    _ expected: [ChannelState],
    mayOmit: Set<ChannelState> = [.connecting],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let isAsExpected = read == expected.filter { !mayOmit.contains($0) || read.contains($0) }
    #expect(isAsExpected, "\(read) in the place of \(expected)", sourceLocation: sourceLocation)
  }

  @Test func aConnectionIsMadeLostAndMadeAgain() async throws {
    try await FaultyRoute.with { route in
      let channel = try GRPCChannel.to(route.url)
      var states = channel.states().makeAsyncIterator()
      #expect(await states.next() == .idle)
      channel.connect()
      self.expect(await self.read(&states, to: .ready), [.connecting, .ready])
      #expect(try await channel.health().failure == nil)

      // Nobody needs the connection when it goes: gRPC makes none by itself.
      try await route.change(listens: false, drops: true)
      self.expect(await self.read(&states, to: .idle), [.idle])
      channel.connect()
      self.expect(await self.read(&states, to: .transientFailure), [.connecting, .transientFailure])

      try await route.change()
      channel.connect()
      let again = await self.read(&states, to: .ready)
      #expect(again.last == .ready)
      #expect(try await channel.health().failure == nil)
    }
  }

  @Test func aCallConnects() async throws {
    try await FaultyRoute.with { route in
      let channel = try GRPCChannel.to(route.url)
      var states = channel.states().makeAsyncIterator()
      #expect(await states.next() == .idle)
      #expect(try await channel.health().failure == nil)
      self.expect(await self.read(&states, to: .ready), [.connecting, .ready])
    }
  }

  @Test func aPortWithoutAServerFails() async throws {
    try await FaultyRoute.with { route in
      try await route.change(listens: false)
      let channel = try GRPCChannel.to(route.url)
      var states = channel.states().makeAsyncIterator()
      channel.connect()
      let read = await self.read(&states, to: .transientFailure)
      self.expect(read, [.idle, .connecting, .transientFailure], mayOmit: [.idle, .connecting])
    }
  }

  /// After seven seconds of failures gRPC's pause between two attempts is about four.
  @Test func connectingDoesNotWaitForThePause() async throws {
    try await FaultyRoute.with { route in
      try await route.change(listens: false)
      let channel = try GRPCChannel.to(route.url)
      var states = channel.states().makeAsyncIterator()
      channel.connect()
      #expect(await self.read(&states, to: .transientFailure).last == .transientFailure)
      try await Task.sleep(for: .milliseconds(7_600))
      try await route.change()
      let clock = ContinuousClock()
      let begin = clock.now
      channel.connect()
      #expect(await self.read(&states, to: .ready).last == .ready)
      #expect(clock.now - begin < .seconds(2))
    }
  }

  @Test func whoeverListensLaterHearsTheStateFirst() async throws {
    try await FaultyRoute.with { route in
      let channel = try GRPCChannel.to(route.url)
      #expect(try await channel.health().failure == nil)
      var first = channel.states().makeAsyncIterator()
      var second = channel.states().makeAsyncIterator()
      #expect(await first.next() == .ready)
      #expect(await second.next() == .ready)
      try await route.change(drops: true)
      #expect(await first.next() == .idle)
      #expect(await second.next() == .idle)
    }
  }

  @Test func theStatesEndWithTheChannel() async throws {
    try await FaultyRoute.with { route in
      var channel: GRPCChannel? = try GRPCChannel.to(route.url)
      weak let kept = channel
      let states = try #require(channel).states()
      var iterator = states.makeAsyncIterator()
      #expect(await iterator.next() == .idle)
      channel = nil
      #expect(kept == nil, "the states keep their channel")
      #expect(await iterator.next() == .shutdown)
      #expect(await iterator.next() == nil)
    }
  }

  @Test func theStatesOfAnAbandonedChannelEndWithItsLastCall() async throws {
    try await FaultyRoute.with { route in
      var channel: GRPCChannel? = try GRPCChannel.to(route.url)
      let states = try #require(channel).states()
      let call = Task { [channel] in try await channel?.health(["delay_ms": "400"]) }
      var iterator = states.makeAsyncIterator()
      #expect(await self.read(&iterator, to: .ready).last == .ready)
      channel = nil
      #expect(try await call.value?.failure == nil)
      #expect(await iterator.next() == .shutdown)
      #expect(await iterator.next() == nil)
    }
  }

  /// What nobody reads is neither kept nor in the way.
  @Test func statesThatNobodyReadsAreForgotten() async throws {
    try await FaultyRoute.with { route in
      let channel = try GRPCChannel.to(route.url)
      for _ in 0..<1_000 { _ = channel.states() }
      for _ in 0..<3 {
        #expect(try await channel.health().failure == nil)
        var states = channel.states().makeAsyncIterator()
        #expect(await states.next() == .ready)
        try await route.change(drops: true)
        #expect(await states.next() == .idle)
      }
    }
  }

  @Test func aCallCanBeCancelledFromOutside() async throws {
    try await FaultyRoute.with { route in
      let channel = try GRPCChannel.to(route.url)
      var states = channel.states().makeAsyncIterator()
      let call = UnaryCall()
      let task = Task { try await channel.health(["delay_ms": "30000"], call: call) }
      #expect(await self.read(&states, to: .ready).last == .ready)
      call.cancel()
      let outcome = try await ending(of: task, within: slack).get()
      #expect(outcome.failure?.status.code == .cancelled)

      let unsent = UnaryCall()
      unsent.cancel()
      let begin = try await route.report().uploaded
      #expect(try await channel.health(call: unsent).failure?.status.code == .cancelled)
      #expect(try await route.report().uploaded - begin < 60, "a cancelled call was sent")
    }
  }
}
