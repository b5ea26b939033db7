// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation

/// A temporary folder that goes away with this object; after a crash, when the next one is made.
final class ScratchFolder: Sendable {
  /// Where it is.
  let url: URL

  private static let prefix = "remote-nodes-chaos-"

  init() throws {
    ScratchFolder.removeAbandoned()
    let process = ProcessInfo.processInfo.processIdentifier
    self.url = FileManager.default.temporaryDirectory
      .appendingPathComponent("\(ScratchFolder.prefix)\(process)-\(UUID().uuidString)", isDirectory: true)
    try FileManager.default.createDirectory(at: self.url, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(at: self.url)
  }

  /// Removes the folders of processes that are gone.
  private static func removeAbandoned() {
    let files = FileManager.default
    let temporary = files.temporaryDirectory
    for name in (try? files.contentsOfDirectory(atPath: temporary.path)) ?? [] {
      guard name.hasPrefix(ScratchFolder.prefix),
        let process = name.dropFirst(ScratchFolder.prefix.count).split(separator: "-").first,
        !files.fileExists(atPath: "/proc/\(process)")
      else { continue }
      try? files.removeItem(at: temporary.appendingPathComponent(name))
    }
  }
}
