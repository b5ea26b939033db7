// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation

/// Names files as ComfyUI's SaveImage does: `prefix_00001_.png`, counting up from what is there.
struct NumberedFile: Sendable, Hashable {
  /// The prefix as the workflow has it: folders, a name, and `%width%`-like places to fill in.
  private let prefix: String

  /// - Throws: `GraphError` (`.invalidInput`) for a prefix that would leave the output folder.
  init(prefix: String) throws {
    let parts = prefix.split(separator: "/", omittingEmptySubsequences: false)
    guard !prefix.hasPrefix("/"), !parts.contains(".."), !prefix.utf8.contains(0) else {
      throw GraphError(
        .invalidInput,
        "filename_prefix \(quoted(prefix)) leads out of the output folder: use a name, or folders below it")
    }
    self.prefix = prefix
  }

  private init(checked prefix: String) {
    self.prefix = prefix
  }

  /// With the size and the time filled in.
  func expanded(width: Int, height: Int, date: Date, calendar: Calendar = .current) -> NumberedFile {
    guard prefix.contains("%") else { return self }
    let time = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
    func padded(_ number: Int?) -> String {
      let digits = String(number ?? 0)
      return String(repeating: "0", count: max(0, 2 - digits.count)) + digits
    }
    let values = [
      "width": String(width), "height": String(height), "year": String(time.year ?? 0),
      "month": padded(time.month), "day": padded(time.day), "hour": padded(time.hour),
      "minute": padded(time.minute), "second": padded(time.second),
    ]
    return NumberedFile(
      checked: values.reduce(prefix) { $0.replacingOccurrences(of: "%\($1.key)%", with: $1.value) })
  }

  /// With the place in the batch filled in.
  func numbered(inBatch index: Int) -> NumberedFile {
    NumberedFile(checked: prefix.replacingOccurrences(of: "%batch_num%", with: String(index)))
  }

  /// Writes a file under the next free number. Nothing that exists is ever overwritten, also not where
  /// another process writes into the same folder.
  ///
  /// - Returns: where it is.
  /// - Throws: `GraphError` (`.fileSystem`) with the path and the reason.
  func create(_ bytes: [UInt8], in outputDirectory: URL) throws -> URL {
    // What stands behind the last slash is the name; it may be empty.
    var parts = prefix.split(separator: "/", omittingEmptySubsequences: false)
    let name = String(parts.removeLast())
    let folder = parts.reduce(outputDirectory) { $0.appendingPathComponent(String($1), isDirectory: true) }
    try WholeFile.createFolder(folder)
    let existing = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    var number = Self.nextNumber(after: existing, name: name)
    while true {
      let digits = String(number)
      let padded = String(repeating: "0", count: max(0, 5 - digits.count)) + digits
      let url = folder.appendingPathComponent("\(name)_\(padded)_.png")
      if try WholeFile.create(bytes, at: url.path) { return url }
      number += 1
    }
  }

  /// One more than the highest number behind `name_` among the given files.
  static func nextNumber(after files: [String], name: String) -> Int {
    let numbers = files.compactMap { file -> Int? in
      guard file.hasPrefix(name + "_") else { return nil }
      let digits = file.dropFirst(name.count + 1).prefix { $0 != "_" }
      // A "number" of more digits than this is somebody's own name for a file.
      return digits.count <= 15 ? Int(digits) : nil
    }
    return max(numbers.max() ?? 0, 0) + 1
  }
}
