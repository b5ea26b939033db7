// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// A request's place in a sequence: requests that a stateful model treats as one conversation.
///
/// The server sends all of them to the same instance of the model. They are never retried: the first attempt may
/// have changed the model's state.
public struct SequenceMembership: Sendable, Hashable {
  /// What tells one sequence from others that are open at the same time.
  public enum Identifier: Sendable, Hashable {
    /// A number other than 0, which would mean no sequence.
    case integer(UInt64)
    /// A string that is not empty, for servers with the extension `sequence(string_id)`.
    case string(String)
  }

  /// Which sequence.
  public var id: Identifier

  /// Whether this is its first request.
  public var isStart: Bool

  /// Whether this is its last request.
  public var isEnd: Bool

  /// A place in a sequence.
  public init(id: Identifier, isStart: Bool = false, isEnd: Bool = false) {
    self.id = id
    self.isStart = isStart
    self.isEnd = isEnd
  }
}
