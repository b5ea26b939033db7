// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

extension InferenceServerClient {
  /// What one of two attempts came to.
  private enum Race: Sendable {
    case ended(Attempt)
    /// The second was not sent: there was no server for it.
    case notSent
    case cancelled
  }

  /// Makes an attempt, and a second one at another server if the first takes long. The first answer wins and the
  /// other attempt is cancelled. The idea is the "hedged requests" of Dean and Barroso, "The Tail at Scale", 2013.
  ///
  /// - Throws: `CancellationError`.
  func hedge(
    _ first: Attempt.Begin,
    after delay: Duration,
    _ progress: inout CallProgress,
    observation: CallObservation?
  ) async throws -> Attempt {
    let description = progress.description
    let message = progress.currentMessage
    let subject = progress.subject
    let excluded = progress.failed.union([first.endpoint.id])
    let begin = progress.begin
    let attempts = try await withThrowingTaskGroup(of: Race.self) { group -> [Attempt] in
      group.addTask {
        await self.racing {
          try await self.run(
            first, description, message, subject: subject, begin: begin, observation: observation)
        }
      }
      group.addTask {
        try await Task.sleep(for: delay)
        guard let other = try self.pool.pickIfAny(for: subject, excluding: excluded) else {
          return .notSent
        }
        guard !excluded.contains(other.id), self.pool.withdrawRetry(other) else {
          self.pool.finish(other, subject: subject, verdict: .neutral)
          return .notSent
        }
        let second = Attempt.Begin(endpoint: other, number: first.number + 1, isHedge: true)
        let instant = MonotonicInstant.now
        let rest = description.shortened(by: instant - begin)
        return await self.racing {
          try await self.run(
            second, rest, message, subject: subject, begin: instant, observation: observation)
        }
      }
      defer { group.cancelAll() }
      var ended: [Attempt] = []
      do {
        while let race = try await group.next() {
          guard case .ended(let attempt) = race else { continue }
          ended.append(attempt)
          // A failure before the second was sent is for the policy to decide about.
          if attempt.error == nil || !attempt.begin.isHedge && ended.count == 1 { break }
        }
      } catch is CancellationError {
        try Task.checkCancellation()
      }
      return ended
    }
    try Task.checkCancellation()
    guard let winner = attempts.first(where: { $0.error == nil }) ?? attempts.last else {
      throw CancellationError()
    }
    for attempt in attempts where attempt.error != nil { progress.failed.insert(attempt.endpoint.id) }
    progress.number = winner.begin.number
    return winner
  }

  private func racing(_ attempt: () async throws -> Attempt) async -> Race {
    do {
      return .ended(try await attempt())
    } catch {
      return .cancelled
    }
  }
}
