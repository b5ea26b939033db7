// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// What the process ends with; the numbers are those of `sysexits.h`, and of a shell for signals.
struct ExitStatus: Hashable, Sendable {
  let code: Int32

  /// Done.
  static let success = ExitStatus(code: 0)
  /// The command line or the workflow asks for something that cannot be done as written.
  static let usage = ExitStatus(code: 64)
  /// The server cannot be reached, has gone, or refuses this client.
  static let unavailable = ExitStatus(code: 69)
  /// Something failed that the user did not ask wrongly: the server's own errors, a full disk.
  static let software = ExitStatus(code: 70)
  /// The server lives but has no room or no time now: the same command may succeed later.
  static let tryAgain = ExitStatus(code: 75)

  /// Ended by a signal: 130 for SIGINT, 143 for SIGTERM.
  static func signal(_ number: Int32) -> ExitStatus { ExitStatus(code: 128 + number) }
}

/// A failure as the user meets it: the exit status and one line that says what failed and what to try.
struct Failure: Error, Hashable, Sendable {
  let status: ExitStatus
  let message: String
  /// Lines of a server's log that may say why; empty for most failures.
  let details: String

  init(_ status: ExitStatus, _ message: String, details: String = "") {
    self.status = status
    self.message = message
    self.details = details
  }
}

/// The time given with `--timeout` is over.
struct DeadlineExceeded: Error, Hashable, Sendable {}
