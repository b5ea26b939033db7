// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// One attempt of a call, told when it has ended; see ``InferenceServerClient/Configuration/onAttempt``.
public struct AttemptReport: Sendable {
  /// The method in the protocol, such as "ModelInfer".
  public let call: String

  /// The model that the call is for.
  public let model: String?

  /// The server that was asked.
  public let endpoint: String

  /// Which attempt of the call it was, from 1.
  public let number: Int

  /// Whether it was sent because another attempt took long, which went on beside it.
  public let isHedge: Bool

  /// How long it took.
  public let duration: Duration

  /// How it failed; `nil` when it was answered.
  public let error: InferenceError?

  /// Time until the next attempt; `nil` when none follows.
  public let pause: Duration?
}
