// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import TritonClient

/// The kinds of unary calls. The server takes `delay` for the slow ones.
struct SoakCalls: Sendable {
  let client: InferenceServerClient
  let message: SoakMessage

  private static let delay: InferenceParameter = 2

  func succeed(_ tally: inout SoakTally, isPrepared: Bool) async {
    do {
      let request = try self.message.encoded(isPrepared: isPrepared)
      tally.count(await self.outcome(of: request), allowing: [.answered])
    } catch {
      tally.note("encoding: \(error)")
    }
  }

  /// In a task that is cancelled already.
  func cancelBefore(_ tally: inout SoakTally) async {
    let outcomes = await withTaskGroup(of: SoakOutcome.self) { group in
      group.cancelAll()
      group.addTask { await self.outcomeOfDelayedCall() }
      return await group.reduce(into: []) { $0.append($1) }
    }
    for outcome in outcomes { tally.count(outcome, allowing: [.cancelled]) }
  }

  /// While the server takes its time, or just before or after that.
  func cancel(after pause: Duration, _ tally: inout SoakTally) async {
    let outcomes = await withTaskGroup(of: SoakOutcome.self) { group in
      group.addTask { await self.outcomeOfDelayedCall() }
      try? await Task.sleep(for: pause)
      group.cancelAll()
      return await group.reduce(into: []) { $0.append($1) }
    }
    for outcome in outcomes { tally.count(outcome, allowing: [.cancelled, .answered]) }
  }

  /// With a deadline about when the answer comes.
  func limit(to timeout: Duration, _ tally: inout SoakTally) async {
    tally.count(
      await self.outcomeOfDelayedCall(timeout: timeout),
      allowing: [.answered, .failed(.deadlineExceeded)]
    )
  }

  /// Refused once or twice before it is answered.
  func retry(_ tally: inout SoakTally, isPrepared: Bool) async {
    let request = self.message.request(
      id: SoakMessage.uniqueID(),
      ["code": 14, "failures": isPrepared ? 2 : 1]
    )
    do {
      let prepared = try PreparedRequest(request)
      tally.count(await self.outcome(of: prepared), allowing: [.answered])
      if isPrepared { tally.count(await self.outcome(of: prepared), allowing: [.answered]) }
    } catch {
      tally.note("encoding: \(error)")
    }
  }

  func outcomeOfDelayedCall(timeout: Duration? = nil) async -> SoakOutcome {
    do {
      let request = self.message.request(["delay_ms": SoakCalls.delay])
      return self.message.outcome(of: try await self.client.infer(request, timeout: timeout))
    } catch {
      return SoakOutcome(error)
    }
  }

  private func outcome(of request: PreparedRequest) async -> SoakOutcome {
    do {
      return self.message.outcome(of: try await self.client.infer(request))
    } catch {
      return SoakOutcome(error)
    }
  }
}
