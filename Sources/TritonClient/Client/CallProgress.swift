// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// What a call is, and how far it has come with its attempts.
struct CallProgress: Sendable {
  let message: OutgoingMessage
  let subject: CallSubject
  let headers: Headers
  let compression: Compression
  let policy: RetryPolicy
  let attemptTimeout: Duration?
  let isTimed: Bool

  /// When the call is to have ended.
  let deadline: MonotonicInstant

  /// Attempts so far.
  var number = 0

  /// When the present attempt was begun.
  var begin: MonotonicInstant

  /// The servers that failed in this call.
  var failed: Set<Int> = []

  /// How the last attempt failed.
  var lastError: InferenceError?

  /// Whether the server on demand was asked for already.
  var hasFallenBack = false

  /// Whether the server said when to try again: what it asks for cannot bury it.
  var isInvited = false

  /// The pause before the present attempt.
  var previousPause: Duration?

  /// Time that is left.
  var remaining: Duration { self.deadline - self.begin }

  /// Whether the present attempt has less time than the call.
  var isCutShort: Bool {
    guard let attemptTimeout = self.attemptTimeout else { return false }
    return attemptTimeout < self.remaining
  }

  /// Time that the present attempt has.
  private var attemptTime: Duration {
    self.attemptTimeout.map { min($0, self.remaining) } ?? self.remaining
  }

  /// The present attempt as the transport takes it.
  var description: CallDescription {
    CallDescription(
      method: self.subject.method,
      headers: self.headers,
      timeout: self.attemptTime,
      compression: self.compression,
      isTimed: self.isTimed
    )
  }

  /// The message of the present attempt: a model that takes one is told how long the request may wait in its queue.
  var currentMessage: OutgoingMessage {
    guard let limit = self.subject.queueLimit else { return self.message }
    guard let timeout = limit.timeout(remaining: self.attemptTime) else { return self.message }
    return self.message.limitingQueue(to: timeout)
  }
}
