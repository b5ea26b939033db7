// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import Testing

/// Files that other programs made, to compare with.
enum Golden {
  static func decode<Content: Decodable>(_ name: String, as type: Content.Type) throws -> Content {
    let url = try #require(Bundle.module.url(forResource: "Golden/\(name)", withExtension: "json"))
    return try JSONDecoder().decode(Content.self, from: Data(contentsOf: url))
  }

  /// A file of the model repository that lies beside the sources.
  static func modelFile(_ path: String) throws -> [UInt8] {
    let root = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return Array(try Data(contentsOf: root.appendingPathComponent("models/shapes/\(path)")))
  }
}

/// A folder that is removed again.
func withTemporaryFolder(_ body: (URL) async throws -> Void) async throws {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
    "remote-nodes-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  try await body(folder)
}

/// Whether two lists agree within a relative tolerance.
func isClose(_ given: [Float], _ expected: [Float], relative tolerance: Float) -> Bool {
  given.count == expected.count
    && zip(given, expected).allSatisfy { abs($0 - $1) <= tolerance * max(abs($0), abs($1)) }
}
