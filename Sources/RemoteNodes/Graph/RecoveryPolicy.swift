// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// How long a run waits for a server that is away, before it fails.
///
/// A run whose call fails in a way that can pass by itself waits until the model is ready again and sends the same
/// request once more: a sampling run goes on at the step it was on, because the latent is on this machine. These
/// failures can pass: the server cannot be reached, is stopping, did not answer in time, has a full queue, or has
/// not loaded the model. Whatever cannot pass, such as a wrong shape or an unknown model, fails at once.
public struct RecoveryPolicy: Sendable, Hashable {
  /// Longest time for one outage, from the first call that failed to the last that is tried. A run may live
  /// through any number of outages, each with the whole of it. Not negative.
  public let patience: Duration

  /// Pause before the server is asked for the first time whether it is back. Later pauses grow twofold up to a
  /// second. At least a millisecond.
  public let interval: Duration

  /// The first failure ends the run.
  public static let never = RecoveryPolicy(patience: .zero)

  /// 60 seconds for each outage.
  public static let defaults = RecoveryPolicy()

  /// A policy.
  ///
  /// - Parameters:
  ///   - patience: longest time for one outage; negative values count as zero.
  ///   - interval: first pause between two questions; values under a millisecond count as one.
  public init(patience: Duration = .seconds(60), interval: Duration = .milliseconds(100)) {
    self.patience = max(patience, .zero)
    self.interval = max(interval, .milliseconds(1))
  }
}
