// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import Synchronization
import Testing

/// How a run of the built command ended.
struct CommandOutcome: Sendable {
  var status: Int32
  /// Standard output, or what the pseudo-terminal showed where there was one.
  var output: String
  /// Standard error; empty where it went to the pseudo-terminal.
  var errors: String
  var seconds: Double

  /// The lines of standard error.
  var errorLines: [String] { errors.split(separator: "\n").map(String.init) }
  /// The only line that says what failed.
  var failure: String? {
    let lines = errorLines.filter { $0.hasPrefix("remote-sample: error: ") }
    return lines.count == 1 ? lines[0] : nil
  }
  /// The lines of standard output.
  var paths: [String] { output.split(separator: "\n").map(String.init) }
}

/// The built `remote-sample`, run as a process in a folder of its own.
struct Command: Sendable {
  var arguments: [String]
  /// Variables set on top of those of this process.
  var environment: [String: String] = [:]
  /// The folder it runs in, empty at first.
  let scratch: ScratchFolder
  /// A shell command that runs first in the same process, such as a limit.
  var prelude: String?
  /// Standard output and standard error go here instead of to pipes.
  var terminal: Pseudoterminal?

  /// Variables of the person who runs the tests that would change what the command does.
  private static let removed = ["TRITON_URL", "NO_COLOR", "COLORTERM", "TMUX", "TERM_PROGRAM", "LC_TERMINAL"]

  init(_ arguments: String..., url: String? = nil) throws {
    self.arguments = arguments + (url.map { ["--url", $0] } ?? [])
    self.scratch = try ScratchFolder()
  }

  /// The folder that the command runs in.
  var folder: URL { scratch.url }

  /// The product beside the test bundle.
  static var binary: URL {
    Bundle.module.bundleURL.deletingLastPathComponent().appendingPathComponent("remote-sample")
  }

  /// All files in and below the folder that the command ran in, hidden ones too.
  func files() -> [String] {
    let found = FileManager.default.enumerator(atPath: folder.path)?.allObjects as? [String] ?? []
    return found.filter { name in
      var isFolder: ObjCBool = false
      let path = folder.appendingPathComponent(name).path
      return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
    }.sorted()
  }

  /// Runs the command to its end.
  ///
  /// - Parameter onErrorLine: told of every line of standard error as it comes, with the process's number.
  func run(
    onErrorLine: @escaping @Sendable (_ line: String, _ process: pid_t) -> Void = { _, _ in }
  ) async throws -> CommandOutcome {
    let process = Process()
    if let prelude {
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments = ["-c", "\(prelude); exec \"$@\"", "sh", Self.binary.path] + arguments
    } else {
      process.executableURL = Self.binary
      process.arguments = arguments
    }
    process.currentDirectoryURL = folder
    var variables = ProcessInfo.processInfo.environment
    for name in Self.removed { variables[name] = nil }
    variables["TERM"] = "xterm-256color"
    process.environment = variables.merging(environment) { _, new in new }
    process.standardInput = FileHandle.nullDevice

    let (output, errors) = (Pipe(), Pipe())
    if let terminal {
      process.standardOutput = terminal.other
      process.standardError = terminal.other
    } else {
      process.standardOutput = output
      process.standardError = errors
    }
    let ended = AsyncStream.makeStream(of: Void.self)
    process.terminationHandler = { _ in ended.continuation.finish() }
    let begin = ContinuousClock.now
    try process.run()
    let identifier = process.processIdentifier
    if let terminal {
      try terminal.other.close()
      async let shown = terminal.read()
      for await _ in ended.stream {}
      return CommandOutcome(
        status: Self.status(of: process), output: await shown, errors: "",
        seconds: (ContinuousClock.now - begin) / .seconds(1))
    }
    async let outputText = Self.text(output.fileHandleForReading.fileDescriptor) { _ in }
    async let errorText = Self.text(errors.fileHandleForReading.fileDescriptor) {
      onErrorLine($0, identifier)
    }
    let texts = await (outputText, errorText)
    for await _ in ended.stream {}
    return CommandOutcome(
      status: Self.status(of: process), output: texts.0, errors: texts.1,
      seconds: (ContinuousClock.now - begin) / .seconds(1))
  }

  /// What a shell would report.
  private static func status(of process: Process) -> Int32 {
    process.terminationReason == .uncaughtSignal ? 128 + process.terminationStatus : process.terminationStatus
  }

  /// Reads to the end on a thread of its own, telling of each line.
  private static func text(
    _ descriptor: Int32, onLine: @escaping @Sendable (String) -> Void
  ) async -> String {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        var all: [UInt8] = []
        var line: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while case let count = read(descriptor, &chunk, chunk.count), count > 0 {
          all += chunk[..<count]
          for byte in chunk[..<count] {
            guard byte == UInt8(ascii: "\n") else {
              line.append(byte)
              continue
            }
            onLine(String(decoding: line, as: UTF8.self))
            line = []
          }
        }
        continuation.resume(returning: String(decoding: all, as: UTF8.self))
      }
    }
  }
}

/// An empty folder that goes away with the last reference to it.
final class ScratchFolder: Sendable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("remote-sample-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }
}

/// A terminal that exists only for a test, and may answer the question for its device attributes.
final class Pseudoterminal: Sendable {
  /// The end that the test holds.
  private let descriptor: Int32
  /// The end that the command gets.
  let other: FileHandle
  /// What is answered to `ESC [ c`; nothing if nil.
  private let answer: String?

  /// A terminal of the given size in character cells.
  init(columns: Int = 80, rows: Int = 24, answer: String? = nil) throws {
    var (mine, other): (Int32, Int32) = (-1, -1)
    var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    try #require(openpty(&mine, &other, nil, nil, &size) == 0)
    descriptor = mine
    // Held only until the command has it: reading ends when nobody has it any more.
    self.other = FileHandle(fileDescriptor: other, closeOnDealloc: true)
    self.answer = answer
  }

  /// Everything that is shown until the command closes the terminal.
  func read() async -> String {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread { [self] in
        var shown: [UInt8] = []
        var hasAnswered = false
        var chunk = [UInt8](repeating: 0, count: 4096)
        // Linux ends with an error (EIO), not with an end of file.
        while case let count = Foundation.read(descriptor, &chunk, chunk.count), count > 0 {
          shown += chunk[..<count]
          if !hasAnswered, let answer, String(decoding: shown, as: UTF8.self).contains("\u{1B}[c") {
            hasAnswered = true
            let bytes = Array(answer.utf8)
            _ = write(descriptor, bytes, bytes.count)
          }
        }
        close(descriptor)
        continuation.resume(returning: String(decoding: shown, as: UTF8.self))
      }
    }
  }
}
