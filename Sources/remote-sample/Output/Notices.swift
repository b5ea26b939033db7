// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Synchronization

/// The warnings of a run, each kept once however often it comes.
final class Notices: Sendable {
  private let messages = Mutex<[String]>([])

  /// All that came, in their order.
  var all: [String] { messages.withLock { $0 } }

  /// Keeps a message; false if it was known already.
  func add(_ message: String) -> Bool {
    messages.withLock { messages in
      guard !messages.contains(message) else { return false }
      messages.append(message)
      return true
    }
  }
}
