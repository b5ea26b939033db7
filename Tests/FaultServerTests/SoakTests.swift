// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import SoakWorkload
import Testing

/// The short form of `make soak`: calls of all kinds at random, each of which must end as it should. What is left of
/// them can only be seen in a process without other tests.
@Suite(.timeLimit(.minutes(2))) struct SoakTests {
  @Test func fourThousandCallsOfAllKindsEndAsTheyShould() async throws {
    let workload = try SoakWorkload(url: try await FaultServer.url(), concurrency: 4)
    let tally = await workload.run(calls: 4_000, seed: 7)
    workload.close()
    #expect(tally.problems == [])
    #expect(tally.calls >= 4_000)
    #expect(tally.streams >= 100)
    #expect(tally.clients >= 10)
    for outcome in ["answered", "cancelled", "deadlineExceeded", "unavailable", "abandoned"] {
      #expect(tally.outcomes[outcome, default: 0] > 0, "no call of 4,000 was \(outcome)")
    }
  }
}
