// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import Testing
import TritonClient

@Suite struct StatisticsTests {
  private func statistics(name: String = "m", inferences: Int, batches: String = "[]") throws
    -> ModelStatistics
  {
    let tally = #"{"count": \#(inferences), "ns": "\#(inferences * 1_000)"}"#
    let json = """
      {"name": "\(name)", "version": "1", "last_inference": 1700000000123, "inference_count": \(inferences),
       "execution_count": \(inferences / 2),
       "inference_stats": {"success": \(tally), "fail": {}, "queue": \(tally), "compute_input": \(tally),
         "compute_infer": \(tally), "compute_output": \(tally)},
       "batch_stats": \(batches)}
      """
    return try JSONDecoder().decode(ModelStatistics.self, from: Data(json.utf8))
  }

  private func snapshot(_ models: [ModelStatistics], after seconds: Int = 0) -> StatisticsSnapshot {
    StatisticsSnapshot(time: StatisticsTests.begin + .seconds(seconds), models: models)
  }

  private static let begin = ContinuousClock.now

  @Test func tritonsJSONIsRead() throws {
    let statistics = try self.statistics(
      inferences: 8,
      batches: #"""
        [{"batch_size": 4, "compute_infer": {"count": 1, "ns": 7}, "compute_input": {}, "compute_output": {}},
         {"batch_size": 2, "compute_infer": {"count": 2, "ns": 9}, "compute_input": {}, "compute_output": {}}]
        """#
    )
    #expect(statistics.success.count == 8)
    #expect(statistics.success.total == .microseconds(8))
    #expect(statistics.success.average == .microseconds(1))
    #expect(statistics.failure.average == .zero)
    #expect(statistics.cacheHit.count == 0)
    #expect(statistics.averageBatchSize == 2)
    #expect(statistics.batches.map(\.size) == [2, 4])
    #expect(statistics.batches.last?.computeInference.total == .nanoseconds(7))
    let copy = try JSONDecoder().decode(ModelStatistics.self, from: JSONEncoder().encode(statistics))
    #expect(copy == statistics)
    #expect(statistics.lastInference == Date(timeIntervalSince1970: 1_700_000_000.123))
  }

  @Test func aDifferenceIsWhatHappenedInBetween() throws {
    func batch(_ count: Int) -> String {
      let tally = #"{"count": \#(count), "ns": \#(count * 10)}"#
      return #"[{"batch_size": 2, "compute_infer": \#(tally), "compute_input": {}, "compute_output": {}}]"#
    }
    let earlier = try self.statistics(inferences: 8, batches: batch(4))
    let later = try self.statistics(inferences: 20, batches: batch(10))
    let difference = later.difference(since: earlier)
    #expect(difference.inferenceCount == 12)
    #expect(difference.executionCount == 6)
    #expect(difference.queue.total == .microseconds(12))
    #expect(difference.batches.first?.computeInference.count == 6)
    #expect(difference.batches.first?.computeInference.total == .nanoseconds(60))
  }

  @Test func countersThatBeganAgainAreTakenAsTheyAre() throws {
    let earlier = try self.statistics(inferences: 20)
    let later = try self.statistics(inferences: 3)
    #expect(later.difference(since: earlier) == later)
  }

  @Test func snapshotsGiveRates() throws {
    let earlier = self.snapshot([try self.statistics(inferences: 10)])
    let later = self.snapshot(
      [try self.statistics(inferences: 30), try self.statistics(name: "new", inferences: 4)],
      after: 2
    )
    let difference = later.difference(since: earlier)
    #expect(difference.duration == .seconds(2))
    #expect(difference.inferencesPerSecond(of: "m") == 10)
    #expect(difference.answersPerSecond(of: "new") == 2)
    #expect(difference.inferencesPerSecond() == 12)
    #expect(later.difference(since: later).inferencesPerSecond() == 0)
  }
}
