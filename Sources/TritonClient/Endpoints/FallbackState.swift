// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// Whether the server on demand runs and is used: a value without clock.
struct FallbackState: Sendable {
  private var isRunning = false

  /// Whether the last answer was the server on demand's.
  private var isInUse = false

  /// When another server answered first after it.
  private var unusedSince: MonotonicInstant?

  /// When it may be started again after a start that failed.
  private var refusedUntil: MonotonicInstant?

  /// Time in which a server that did not start is not asked for again.
  private static let pause = Duration.seconds(10)

  /// Time after which it is stopped when the others answer again: they may be lost again soon.
  static let idleTime = Duration.seconds(60)

  func mayStart(at now: MonotonicInstant) -> Bool {
    self.refusedUntil.map { $0 <= now } ?? true
  }

  mutating func started() {
    self.isRunning = true
    self.isInUse = true
    self.unusedSince = nil
    self.refusedUntil = nil
  }

  mutating func failed(at now: MonotonicInstant) {
    self.refusedUntil = now + FallbackState.pause
  }

  /// Notes that a server of a tier answered; what there is to tell.
  mutating func answered(tier: Int, at now: MonotonicInstant) -> ConnectionEvent.State? {
    guard self.isRunning, self.isInUse == (tier == 0) else { return nil }
    self.isInUse = tier != 0
    self.unusedSince = tier == 0 ? now : nil
    return tier == 0 ? .fallbackLeft : .fallbackReady
  }

  /// Whether it has to be stopped, which counts as done.
  mutating func stopIfIdle(at now: MonotonicInstant) -> Bool {
    guard let unusedSince = self.unusedSince, now - unusedSince >= FallbackState.idleTime else {
      return false
    }
    return self.stop()
  }

  /// Whether it has to be stopped because nobody will ask for it any more.
  mutating func stop() -> Bool {
    defer { self = FallbackState() }
    return self.isRunning
  }
}
