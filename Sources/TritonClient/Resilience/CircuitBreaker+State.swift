// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

extension CircuitBreaker {
  /// Whether a breaker lets a call through.
  package enum Admission: Sendable, Hashable {
    /// As any other.
    case allowed

    /// To see whether the server is back. Until the call ends no other is let through.
    case probe

    /// Not before this instant. While a probe is in flight nobody knows when it ends: the instant is then one
    /// ``CircuitBreaker/openInterval`` ahead.
    case refused(until: MonotonicInstant)
  }

  /// A breaker: a state machine without a clock of its own.
  ///
  /// It does not tell calls apart. Those that were sent before it opened may end while it is open, which changes
  /// nothing unless they succeed, or while a probe is in flight, and then pass for it: a success closes the
  /// breaker, a failure opens it again, and the probe's own end counts as well.
  package struct State: Sendable {
    private let configuration: CircuitBreaker

    /// Failures in a row while closed.
    private var failureCount = 0

    /// Until when it was opened; `nil` while closed.
    private var openUntil: MonotonicInstant?

    /// How long it was opened the last time.
    private var interval = Duration.zero

    /// Whether a probe is in flight.
    private var isProbing = false

    /// A closed breaker.
    package init(_ configuration: CircuitBreaker) {
      self.configuration = configuration
    }

    /// What it lets through.
    package func phase(at now: MonotonicInstant) -> Phase {
      guard let openUntil = self.openUntil else { return .closed }
      return now < openUntil ? .open : .halfOpen
    }

    /// What ``admit(at:)`` would say.
    package func wouldAdmit(at now: MonotonicInstant) -> Admission {
      guard let openUntil = self.openUntil else { return .allowed }
      if now < openUntil { return .refused(until: openUntil) }
      return self.isProbing ? .refused(until: now + self.configuration.openInterval) : .probe
    }

    /// Whether a call may be sent. A probe is in flight from now on until something is recorded.
    package mutating func admit(at now: MonotonicInstant) -> Admission {
      let admission = self.wouldAdmit(at: now)
      if admission == .probe { self.isProbing = true }
      return admission
    }

    /// Notes that the server answered: the breaker closes.
    package mutating func recordSuccess() {
      guard self.failureCount > 0 || self.openUntil != nil else { return }
      self = State(self.configuration)
    }

    /// Notes that a call failed.
    package mutating func recordFailure(at now: MonotonicInstant) {
      guard !self.configuration.isDisabled else { return }
      guard self.openUntil != nil else {
        self.failureCount += 1
        if self.failureCount >= self.configuration.failureThreshold {
          self.open(for: self.configuration.openInterval, at: now)
        }
        return
      }
      // Many calls fail together. Only what was sent to find out says that the server still fails.
      guard self.isProbing else { return }
      self.open(for: self.configuration.interval(after: self.interval), at: now)
    }

    /// Notes that the probe ended without a result: another one may be sent.
    package mutating func abandonProbe() {
      self.isProbing = false
    }

    private mutating func open(for interval: Duration, at now: MonotonicInstant) {
      self.interval = interval
      self.openUntil = now + interval
      self.isProbing = false
    }
  }
}
