// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

extension InferenceServerClient {
  /// Sends a message, again where the policy says so, all within one deadline.
  func send(_ message: OutgoingMessage, for subject: CallSubject, options: CallOptions) async throws -> Answer
  {
    guard let telemetry = self.telemetry else {
      return try await self.sendUntilAnswered(message, for: subject, options: options, observation: nil)
    }
    let observation = telemetry.observe(subject)
    return try await observation.whole {
      try await self.sendUntilAnswered(message, for: subject, options: options, observation: observation)
    }
  }

  private func sendUntilAnswered(
    _ message: OutgoingMessage,
    for subject: CallSubject,
    options: CallOptions,
    observation: CallObservation?
  ) async throws -> Answer {
    let begin = MonotonicInstant.now
    var progress = CallProgress(
      message: message,
      subject: subject,
      headers: try self.headers(for: options, observation: observation),
      compression: options.compression ?? self.configuration.compression,
      policy: options.retry ?? self.configuration.retry,
      attemptTimeout: options.attemptTimeout ?? self.configuration.attemptTimeout,
      isTimed: self.configuration.timesTransfers,
      deadline: begin + (options.timeout ?? self.configuration.timeout),
      begin: begin
    )
    while true {
      progress.number += 1
      try Task.checkCancellation()
      let attempt =
        if let window = self.window {
          try await self.attempt(&progress, in: window, observation: observation)
        } else {
          try await self.attempt(&progress, observation: observation)
        }
      switch attempt.outcome {
      case .success(let received):
        return Answer(
          message: received,
          endpoint: attempt.endpoint,
          attempts: progress.number,
          sendBegin: progress.begin,
          receiveEnd: attempt.end
        )
      case .failure(let failed):
        try await self.prepareNext(&progress, after: failed, of: attempt, observation: observation)
      }
    }
  }

  /// Sends the message once, when the window has a place for it.
  private func attempt(
    _ progress: inout CallProgress,
    in window: CallWindow,
    observation: CallObservation?
  ) async throws -> Attempt {
    do {
      try await window.enter(before: progress.deadline)
    } catch is CallWindow.Full {
      throw progress.lastError
        ?? InferenceError(
          code: .deadlineExceeded,
          message: """
            \(progress.subject.method.name) was not sent: none of the client's places for calls in flight became \
            free within the timeout; allow more time or more calls in flight
            """,
          endpoint: self.url,
          attempt: progress.number - 1
        )
    }
    defer { window.leave() }
    progress.begin = .now
    return try await self.attempt(&progress, observation: observation)
  }

  /// Chooses a server, sends the message to it once, and notes what came of it.
  private func attempt(_ progress: inout CallProgress, observation: CallObservation?) async throws -> Attempt
  {
    let endpoint: Endpoint
    if progress.number == 1, let known = try self.pool.pickIfAny(for: progress.subject, excluding: []) {
      // The plain case, in which nothing has to be waited for.
      endpoint = known
    } else {
      endpoint = try await self.endpoint(for: &progress)
    }
    let first = Attempt.Begin(endpoint: endpoint, number: progress.number, isHedge: false)
    if let hedging = self.configuration.hedging, progress.policy.maxAttempts > 1,
      let delay = self.pool.hedgeDelay(endpoint, policy: hedging),
      self.pool.hasAlternative(to: progress.failed.union([endpoint.id]), model: progress.subject.model)
    {
      return try await self.hedge(first, after: delay, &progress, observation: observation)
    }
    return try await self.run(
      first,
      progress.description,
      progress.currentMessage,
      subject: progress.subject,
      begin: progress.begin,
      observation: observation
    )
  }

  /// The server that the next attempt goes to.
  private func endpoint(for progress: inout CallProgress) async throws -> Endpoint {
    let endpoint: Endpoint
    do {
      endpoint = try await self.pool.pick(
        for: progress.subject,
        excluding: progress.failed,
        deadline: progress.deadline
      )
      progress.begin = .now
    } catch let refusal as InferenceError where refusal.retryAfter != nil {
      // What went wrong says more than that nothing more was tried.
      guard var error = progress.lastError else { throw refusal }
      error.retryAfter = refusal.retryAfter
      throw error
    }
    if progress.failed.contains(endpoint.id), !progress.isInvited,
      !self.pool.withdrawRetry(endpoint)
    {
      self.pool.finish(endpoint, subject: progress.subject, verdict: .neutral)
      guard var error = progress.lastError else { return endpoint }
      error.message += "; it was not sent again: the retry budget of \(endpoint.url) is used up"
      throw error
    }
    return endpoint
  }

  /// Runs one attempt at one server.
  func run(
    _ begin: Attempt.Begin,
    _ description: CallDescription,
    _ message: OutgoingMessage,
    subject: CallSubject,
    begin instant: MonotonicInstant,
    observation: CallObservation?
  ) async throws -> Attempt {
    let endpoint = begin.endpoint
    let outcome: Result<ReceivedMessage, FailedStatus>
    do {
      if let observation {
        outcome = try await observation.attempt(begin.number, at: endpoint, sending: message) {
          try await endpoint.unary(description, message: message)
        }
      } else {
        outcome = try await endpoint.unary(description, message: message)
      }
    } catch {
      self.pool.finish(endpoint, subject: subject, verdict: .neutral)
      throw error
    }
    let end = MonotonicInstant.now
    var attempt = Attempt(begin: begin, outcome: outcome, end: end)
    if case .failure(let failed) = outcome {
      attempt.error = InferenceError(
        failed.status,
        call: subject.method.name,
        model: subject.model,
        endpoint: endpoint.url,
        attempt: begin.number
      )
    }
    self.pool.finish(
      endpoint,
      subject: subject,
      verdict: AttemptVerdict(attempt.error?.code),
      latency: end - instant
    )
    if let onAttempt = self.configuration.onAttempt, attempt.error == nil {
      onAttempt(AttemptReport(attempt, of: subject, duration: end - instant, pause: nil))
    }
    return attempt
  }

  /// Decides about another attempt and waits for its time.
  ///
  /// - Throws: the error of the attempt that failed when there is to be no other; `CancellationError`.
  private func prepareNext(
    _ progress: inout CallProgress,
    after failed: FailedStatus,
    of attempt: Attempt,
    observation: CallObservation?
  ) async throws {
    guard let error = attempt.error else { throw CancellationError() }
    progress.failed.insert(attempt.endpoint.id)
    progress.lastError = error
    progress.isInvited = if case .after = failed.pushback { true } else { false }
    var failure = FailedAttempt(
      number: progress.number,
      code: error.code,
      remaining: progress.deadline - attempt.end
    )
    failure.wasCutShort = error.code == .deadlineExceeded && progress.isCutShort
    failure.pushback = failed.pushback
    failure.previousPause = progress.previousPause
    failure.hasAlternative = self.pool.hasAlternative(to: progress.failed, model: progress.subject.model)
    var random = SystemRandomNumberGenerator()
    var pause = progress.policy.pause(after: failure, using: &random)
    if pause == nil, try await self.fallsBack(&progress, after: failure) {
      pause = .zero
    }
    if let onAttempt = self.configuration.onAttempt {
      onAttempt(
        AttemptReport(attempt, of: progress.subject, duration: attempt.end - progress.begin, pause: pause))
    }
    guard let pause else { throw error }
    observation?.retries(afterAttempt: progress.number, failedWith: error, pause: pause)
    if pause > .zero { try await Task.sleep(for: pause) }
    progress.previousPause = pause
    progress.begin = .now
  }

  /// Has the server on demand started when it is the only one that may answer.
  private func fallsBack(
    _ progress: inout CallProgress,
    after failure: FailedAttempt
  ) async throws -> Bool {
    guard !progress.hasFallenBack, progress.policy.maxAttempts > 1, failure.pushback != .never else {
      return false
    }
    guard failure.wasCutShort || failure.code == .unavailable else { return false }
    // Also where it is the one that failed: a new one is started then.
    progress.hasFallenBack = true
    do {
      return try await self.pool.startFallback(before: progress.deadline)
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      progress.lastError?.message += "; and the server on demand could not be started: \(error)"
      throw progress.lastError ?? error
    }
  }

  /// The client's headers and the call's. What a header is set to by hand counts more than what a tracer adds.
  func headers(for options: CallOptions, observation: CallObservation?) throws -> Headers {
    if options.headers.isEmpty, observation?.addsHeaders != true { return self.headers }
    var headers: [String: String] = [:]
    observation?.inject(into: &headers)
    for pair in self.headers.pairs { headers[pair.key] = pair.value }
    for (name, value) in options.headers { headers[name.lowercased()] = value }
    return try Headers(headers)
  }
}
