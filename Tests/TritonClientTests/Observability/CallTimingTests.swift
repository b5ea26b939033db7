// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing

@testable import TritonClient

@Suite struct CallTimingTests {
  private let begin = MonotonicInstant.now

  private func timing(sent: Int? = nil, firstByte: Int? = nil) -> CallTiming {
    CallTiming(
      encodeBegin: self.begin,
      encodeEnd: self.begin + .milliseconds(1),
      sendBegin: self.begin + .milliseconds(3),
      receiveEnd: self.begin + .milliseconds(20),
      decodeEnd: self.begin + .milliseconds(25),
      attempts: 2,
      transport: TransportInstants(
        sent: sent.map { self.begin + .milliseconds($0) },
        firstByte: firstByte.map { self.begin + .milliseconds($0) }
      )
    )
  }

  private func parts(_ timing: CallTiming) -> [Duration] {
    [timing.encode, timing.beforeSending, timing.send, timing.wait, timing.receive, timing.decode]
  }

  @Test func thePartsAreBetweenTheInstants() {
    let timing = self.timing(sent: 5, firstByte: 14)
    #expect(self.parts(timing) == [1, 2, 2, 9, 6, 5].map { .milliseconds($0) })
    #expect(timing.total == .milliseconds(25))
    #expect(timing.attempts == 2)
  }

  @Test func whatTheTransportCannotTellIsPartOfTheWait() {
    #expect(self.parts(self.timing()) == [1, 2, 0, 17, 0, 5].map { .milliseconds($0) })
    #expect(self.parts(self.timing(sent: 5)) == [1, 2, 2, 15, 0, 5].map { .milliseconds($0) })
    #expect(self.parts(self.timing(firstByte: 14)) == [1, 2, 0, 11, 6, 5].map { .milliseconds($0) })
  }

  @Test(arguments: [(0, 100), (30, 40), (10, 4), (-5, -5)])
  func instantsOutOfOrderStillAddUp(sent: Int, firstByte: Int) {
    let timing = self.timing(sent: sent, firstByte: firstByte)
    #expect(self.parts(timing).allSatisfy { $0 >= .zero })
    #expect(self.parts(timing).reduce(.zero, +) == timing.total)
  }

  @Test func statisticsAreSums() {
    var statistics = InferenceStatistics()
    #expect(statistics.average == .zero)
    statistics.count(self.timing())
    let earlier = statistics
    statistics.count(self.timing(sent: 5, firstByte: 14))
    #expect(statistics.completedCount == 2)
    #expect(statistics.attemptCount == 4)
    #expect(statistics.encode == .milliseconds(2))
    #expect(statistics.beforeSending == .milliseconds(4))
    #expect(statistics.send == .milliseconds(2))
    #expect(statistics.wait == .milliseconds(26))
    #expect(statistics.receive == .milliseconds(6))
    #expect(statistics.decode == .milliseconds(10))
    #expect(statistics.total == .milliseconds(50))
    #expect(statistics.average == .milliseconds(25))
    let difference = statistics.difference(since: earlier)
    #expect(difference.completedCount == 1)
    #expect(difference.wait == .milliseconds(9))
    #expect(difference.total == .milliseconds(25))
  }
}
