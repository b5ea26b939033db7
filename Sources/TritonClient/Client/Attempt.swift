// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// One attempt of a call, when it has ended.
struct Attempt: Sendable {
  /// What is known of an attempt before it is made.
  struct Begin: Sendable {
    /// The server.
    let endpoint: Endpoint

    /// Which attempt of the call it is, from 1.
    let number: Int

    /// Whether it is made because another one takes long.
    let isHedge: Bool
  }

  let begin: Begin

  /// What it brought.
  let outcome: Result<ReceivedMessage, FailedStatus>

  /// When it ended.
  let end: MonotonicInstant

  /// How it failed.
  var error: InferenceError?

  /// The server.
  var endpoint: Endpoint { self.begin.endpoint }

  init(begin: Begin, outcome: Result<ReceivedMessage, FailedStatus>, end: MonotonicInstant) {
    self.begin = begin
    self.outcome = outcome
    self.end = end
  }
}

extension AttemptReport {
  init(_ attempt: Attempt, of subject: CallSubject, duration: Duration, pause: Duration?) {
    self.init(
      call: subject.method.name,
      model: subject.model,
      endpoint: attempt.endpoint.url,
      number: attempt.begin.number,
      isHedge: attempt.begin.isHedge,
      duration: duration,
      error: attempt.error,
      pause: pause
    )
  }
}
