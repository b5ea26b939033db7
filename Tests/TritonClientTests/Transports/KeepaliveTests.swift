// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing
import TritonClient

@Suite struct KeepaliveTests {
  @Test func whatIsGivenIsTaken() {
    let keepalive = Keepalive(interval: .seconds(40), timeout: .seconds(3), withoutCalls: true)
    #expect(keepalive.interval == .seconds(40))
    #expect(keepalive.timeout == .seconds(3))
    #expect(keepalive.withoutCalls)
  }

  @Test func theDefaultsArePinned() {
    let keepalive = Keepalive(interval: .seconds(40))
    #expect(keepalive.timeout == .seconds(20))
    #expect(!keepalive.withoutCalls)
  }

  @Test func whatIsTooShortIsRaised() {
    let keepalive = Keepalive(interval: .zero, timeout: .seconds(-1))
    #expect(keepalive.interval == .seconds(1))
    #expect(keepalive.timeout == .milliseconds(1))
  }
}
