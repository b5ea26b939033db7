// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// What happened while servers were disturbed, each thing with its time: a value, so that the figures made of it can
/// be tested without a server.
package struct Chronicle: Sendable {
  package typealias Instant = ContinuousClock.Instant

  /// A time in which something was wrong with a server.
  package struct Disturbance: Sendable {
    /// The server's address.
    package var endpoint: String
    /// The model that it did not have; all of them if `nil`.
    package var model: String?
    /// When it began, when it was in force, and when the server took requests again.
    package var begin, inForce, end: Instant
    /// Whether there was a server all the time.
    package var leavesOthers: Bool

    package init(
      endpoint: String,
      model: String? = nil,
      begin: Instant,
      inForce: Instant,
      end: Instant,
      leavesOthers: Bool
    ) {
      self.endpoint = endpoint
      self.model = model
      self.begin = begin
      self.inForce = inForce
      self.end = end
      self.leavesOthers = leavesOthers
    }
  }

  private struct Attempt {
    var endpoint: String
    var model: String?
    var begin, end: Instant
    var hasFailed: Bool
  }

  private struct Step {
    var run: Int
    var time: Instant
  }

  private var attempts: [Attempt] = []
  private var steps: [Step] = []
  private var losses: [(endpoint: String, time: Instant)] = []

  package init() {}

  /// Notes that an attempt has ended.
  package mutating func addAttempt(
    at endpoint: String,
    model: String?,
    from begin: Instant,
    to end: Instant,
    hasFailed: Bool
  ) {
    self.attempts.append(
      Attempt(endpoint: endpoint, model: model, begin: begin, end: end, hasFailed: hasFailed)
    )
  }

  /// Notes that a run has made a step.
  package mutating func addStep(ofRun run: Int, at time: Instant) {
    self.steps.append(Step(run: run, time: time))
  }

  /// Notes that the client told that a server is gone.
  package mutating func addLoss(of endpoint: String, at time: Instant) {
    self.losses.append((endpoint, time))
  }

  /// Time from the beginning of a disturbance until the client knew: an attempt had failed, or the client had told
  /// that the server is gone. `nil` if neither happened.
  package func timeToNotice(_ disturbance: Disturbance) -> Duration? {
    let failures = self.attempts.filter { $0.hasFailed && $0.endpoint == disturbance.endpoint }.map(\.end)
    let losses = self.losses.filter { $0.endpoint == disturbance.endpoint }.map(\.time)
    return (failures + losses).filter { $0 >= disturbance.begin }.min().map { $0 - disturbance.begin }
  }

  /// Time until work went on. Where another server was left: from the beginning until the last of the runs that were
  /// under way then had made its next step. Otherwise from the end, when there was a server again, until one had.
  package func timeToRecover(_ disturbance: Disturbance) -> Duration? {
    guard disturbance.leavesOthers else {
      return self.steps.map(\.time).filter { $0 >= disturbance.end }.min().map { $0 - disturbance.end }
    }
    let before = Set(self.steps.filter { $0.time < disturbance.begin }.map(\.run))
    var next: [Int: Instant] = [:]
    for step in self.steps where step.time >= disturbance.inForce && before.contains(step.run) {
      next[step.run] = min(next[step.run] ?? step.time, step.time)
    }
    return next.values.max().map { $0 - disturbance.begin }
  }

  /// Attempts that were sent to the server while it could not answer; without those that it did answer.
  package func attemptsSent(to disturbance: Disturbance) -> Int {
    self.attempts.count { attempt in
      attempt.endpoint == disturbance.endpoint
        && (disturbance.model == nil || attempt.model == disturbance.model)
        && attempt.begin >= disturbance.begin && attempt.begin < disturbance.end
        && (attempt.hasFailed || attempt.end > disturbance.end)
    }
  }
}
