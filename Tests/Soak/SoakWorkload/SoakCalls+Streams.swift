// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import TritonClient

/// The kinds of streams.
extension SoakCalls {
  /// Requests, each with one to three answers, until all are answered.
  func stream(_ count: Int, _ tally: inout SoakTally) async {
    tally.count(await self.outcome(of: self.requests(count)), allowing: [.answered], times: count)
    tally.streams += 1
  }

  /// The reader leaves after the first answer.
  func abandonStream(_ count: Int, _ tally: inout SoakTally) async {
    var outcome = SoakOutcome.wrong("a stream without an answer")
    do {
      for try await answer in self.client.stream(self.requests(count)) {
        outcome = self.message.outcome(of: try answer.get())
        break
      }
    } catch {
      outcome = SoakOutcome(error)
    }
    tally.count(outcome, allowing: [.answered])
    tally.count(.abandoned, allowing: [.abandoned], times: count - 1)
    tally.streams += 1
  }

  func cancelStream(_ count: Int, after pause: Duration, _ tally: inout SoakTally) async {
    let requests = self.requests(count, ["delay_ms": 1])
    let outcomes = await withTaskGroup(of: SoakOutcome.self) { group in
      group.addTask { await self.outcome(of: requests) }
      try? await Task.sleep(for: pause)
      group.cancelAll()
      return await group.reduce(into: []) { $0.append($1) }
    }
    for outcome in outcomes { tally.count(outcome, allowing: [.cancelled, .answered], times: count) }
    tally.streams += 1
  }

  /// The server ends the stream after its last request; the next one works.
  func restartStream(_ count: Int, _ tally: inout SoakTally) async {
    let requests = self.requests(count) + [self.message.request(["code": 14])]
    tally.count(await self.outcome(of: requests), allowing: [.failed(.unavailable)], times: count + 1)
    tally.streams += 1
    await self.stream(count, &tally)
  }

  private func requests(
    _ count: Int,
    _ faults: [String: InferenceParameter] = [:]
  ) -> [InferenceRequest] {
    (1...count).map { index in
      let answers = InferenceParameter.int(Int64(1 + index % 3))
      return self.message.request(faults.merging(["answers": answers]) { $1 })
    }
  }

  /// Reads a stream to its end.
  private func outcome(of requests: [InferenceRequest]) async -> SoakOutcome {
    do {
      var finals = 0
      for try await answer in self.client.stream(requests) {
        let outcome = self.message.outcome(of: try answer.get())
        guard outcome == .answered else { return outcome }
        finals += answer.isFinal ? 1 : 0
      }
      return finals == requests.count
        ? .answered : .wrong("\(finals) of \(requests.count) requests were answered in full")
    } catch {
      return SoakOutcome(error)
    }
  }
}
