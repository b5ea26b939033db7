// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import ChaosScenarios
import Testing

/// What a seed draws.
@Suite struct SeededFaultTests {
  private func faults(runs: Int, seed: UInt64) -> [SeededFault?] {
    (0..<runs).map { SeededFault(ofRun: $0, steps: 20, seed: seed) }
  }

  @Test func theSameSeedDrawsTheSameFaults() {
    #expect(self.faults(runs: 500, seed: 7) == self.faults(runs: 500, seed: 7))
    #expect(self.faults(runs: 500, seed: 7) != self.faults(runs: 500, seed: 8))
  }

  /// The same for every seed that is tried: a thousand runs leave no kind out.
  @Test(arguments: 0..<10 as Range<UInt64>)
  func aThousandRunsHaveFaultsOfAllKinds(seed: UInt64) {
    let faults = self.faults(runs: 1_000, seed: seed).compactMap(\.self)
    #expect((230...370).contains(faults.count))
    for kind in SeededFault.Kind.allCases {
      let count = faults.count { $0.kind == kind }
      #expect(count >= 8, "\(kind): \(count)")
    }
    #expect(faults.contains { $0.isOnSecond } && faults.contains { !$0.isOnSecond })
    #expect(faults.allSatisfy { (1..<20).contains($0.step) })
    #expect(faults.allSatisfy { $0.duration >= .milliseconds(100) && $0.duration <= .milliseconds(1_500) })
  }
}
