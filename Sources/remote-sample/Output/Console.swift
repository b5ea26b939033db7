// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import Synchronization

/// The two streams of the command: results go to standard output, everything else to standard error.
///
/// One line of standard error may be transient (a progress bar): it is redrawn in place and wiped before
/// anything else is written.
final class Console: Sendable {
  /// The name that begins every line for people.
  static let program = "remote-sample"

  /// The environment of the process.
  let variables: [String: String]
  /// Say nothing but results and errors.
  let isQuiet: Bool
  /// Standard error can redraw a line in place.
  let drawsProgress: Bool
  private let style: ProgressLine.Style
  /// One for the process, as standard error is: whoever writes next wipes the line, whoever drew it.
  private static let hasTransientLine = Mutex(false)

  /// A console over the streams of this process.
  init(isQuiet: Bool, variables: [String: String] = ProcessInfo.processInfo.environment) {
    self.variables = variables
    self.isQuiet = isQuiet
    self.style = .forLocale(variables)
    let terminal = variables["TERM"] ?? ""
    self.drawsProgress = !isQuiet && isatty(STDERR_FILENO) == 1 && !terminal.isEmpty && terminal != "dumb"
  }

  /// A line of results on standard output.
  func result(_ line: String) {
    write(Array((line + "\n").utf8), to: STDOUT_FILENO)
  }

  /// Bytes on standard output: a picture for a terminal.
  func draw(_ bytes: [UInt8]) {
    write(bytes, to: STDOUT_FILENO)
  }

  /// What the program does or has chosen.
  func note(_ text: String) {
    guard !isQuiet else { return }
    write(Array("\(Self.program): \(Self.oneLine(text))\n".utf8), to: STDERR_FILENO)
  }

  /// Something that the user should know, though the run goes on.
  func warning(_ text: String) {
    note("warning: \(text)")
  }

  /// Why the run failed; written even when quiet.
  func error(_ text: String) {
    write(Array("\(Self.program): error: \(Self.oneLine(text))\n".utf8), to: STDERR_FILENO)
  }

  /// Lines of somebody else's, such as a log.
  func quote(_ text: String) {
    let lines = text.split(whereSeparator: \.isNewline).map { "  | \($0)\n" }
    write(Array(lines.joined().utf8), to: STDERR_FILENO)
  }

  /// Draws progress on a terminal; elsewhere writes a plain line where a milestone is reached.
  func progress(_ snapshot: ProgressSnapshot) {
    if drawsProgress {
      let columns = TerminalDevice(STDERR_FILENO)?.size.columns ?? 80
      transient(ProgressLine.bar(snapshot, columns: columns, style: style))
    } else if let line = ProgressLine.milestone(snapshot) {
      note(line)
    }
  }

  /// Replaces the transient line; does nothing where lines cannot be redrawn.
  func transient(_ line: String) {
    guard drawsProgress else { return }
    Self.hasTransientLine.withLock { shown in
      shown = true
      Self.writeAll(Array("\r\(line)\u{1B}[K".utf8), to: STDERR_FILENO)
    }
  }

  /// Wipes the transient line.
  func clearTransient() {
    write([], to: STDERR_FILENO)
  }

  /// Runs `body` under a line that says what is going on and for how long: `text` once where lines are
  /// plain, `text` with running seconds on a terminal.
  func stage<Result: Sendable>(
    _ text: String, _ body: @escaping @Sendable () async throws -> Result
  ) async throws -> Result {
    note(text)
    guard drawsProgress else { return try await body() }
    let start = ContinuousClock.now
    let ticker = Task {
      while !Task.isCancelled {
        transient("… " + ProgressLine.seconds((ContinuousClock.now - start) / .seconds(1)))
        try await Task.sleep(for: .milliseconds(500))
      }
    }
    let outcome = await Swift.Result { try await body() }
    ticker.cancel()
    _ = await ticker.result
    clearTransient()
    return try outcome.get()
  }

  /// Errors of others may have several lines; ours have one.
  static func oneLine(_ text: String) -> String {
    text.split(whereSeparator: \.isNewline)
      .map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { !$0.isEmpty }
      .joined(separator: " ")
  }

  private func write(_ bytes: [UInt8], to descriptor: Int32) {
    Self.hasTransientLine.withLock { shown in
      if shown { Self.writeAll(Array("\r\u{1B}[K".utf8), to: STDERR_FILENO) }
      shown = false
      Self.writeAll(bytes, to: descriptor)
    }
  }

  /// Writes everything; a reader that has gone away is no reason to fail.
  private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) {
    bytes.withUnsafeBytes { buffer in
      var rest = buffer[...]
      while !rest.isEmpty {
        let written = Foundation.write(
          descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if written > 0 {
          rest = rest.dropFirst(written)
        } else if errno != EINTR {
          return
        }
      }
    }
  }
}

extension Result where Failure == any Error {
  /// The outcome of an asynchronous piece of work.
  fileprivate init(catching body: () async throws -> Success) async {
    do { self = .success(try await body()) } catch { self = .failure(error) }
  }
}
