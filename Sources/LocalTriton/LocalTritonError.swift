// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// What went wrong with a server on this machine.
public struct LocalTritonError: Error, Sendable, CustomStringConvertible {
  /// What kind of failure it was. New kinds may be added.
  public struct Code: Hashable, Sendable {
    private enum Value {
      case environmentMissing, repositoryMissing, startFailed, startTimedOut, modelsFailed, crashed
    }

    private let value: Value

    private init(_ value: Value) {
      self.value = value
    }

    /// There is no `.triton` folder that `scripts/setup` has finished.
    public static var environmentMissing: Code { Code(.environmentMissing) }
    /// A model repository is not a folder.
    public static var repositoryMissing: Code { Code(.repositoryMissing) }
    /// The server ended before it was ready.
    public static var startFailed: Code { Code(.startFailed) }
    /// The server was not ready in time and has been stopped.
    public static var startTimedOut: Code { Code(.startTimedOut) }
    /// The server runs, but some models could not be loaded; it has been stopped.
    public static var modelsFailed: Code { Code(.modelsFailed) }
    /// The server was ready and then ended by itself or was killed.
    public static var crashed: Code { Code(.crashed) }
  }

  /// The kind of failure.
  public var code: Code

  /// What was tried, what happened and what to do next: one line.
  public var message: String

  /// The last lines of the server's log, where it has one and they may say why.
  public var logTail: String

  /// Path of the whole log.
  public var logFile: String?

  /// An error with its details.
  public init(code: Code, message: String, logTail: String = "", logFile: String? = nil) {
    self.code = code
    self.message = message
    self.logTail = logTail
    self.logFile = logFile
  }

  /// The message, followed by the log's last lines where there are any.
  public var description: String {
    guard !self.logTail.isEmpty else { return self.message }
    let lines = self.logTail.split(separator: "\n").map { "  | \($0)" }.joined(separator: "\n")
    let place = self.logFile.map { " (whole log: \($0))" } ?? ""
    return "\(self.message)\nThe server's last words\(place):\n\(lines)"
  }
}
