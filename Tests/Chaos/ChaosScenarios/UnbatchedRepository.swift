// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation

/// A copy of a model repository in which requests are never joined to one batch.
///
/// Sums in a batch of another size round differently, so that what one request is answered would depend on what else
/// arrives at that moment. Pictures can be compared byte by byte only where it does not.
enum UnbatchedRepository {
  private static let configurationName = "config.pbtxt"
  private static let batching = "dynamic_batching { }\n"

  /// Copies the configurations of a repository to a folder and links to the rest.
  static func make(of original: URL, in folder: URL) throws {
    let files = FileManager.default
    for model in try files.contentsOfDirectory(at: original, includingPropertiesForKeys: nil) {
      let configuration = model.appendingPathComponent(UnbatchedRepository.configurationName)
      guard files.fileExists(atPath: configuration.path) else { continue }
      let copy = folder.appendingPathComponent(model.lastPathComponent, isDirectory: true)
      try files.createDirectory(at: copy, withIntermediateDirectories: true)
      for part in try files.contentsOfDirectory(at: model, includingPropertiesForKeys: nil) {
        let place = copy.appendingPathComponent(part.lastPathComponent)
        if part.lastPathComponent == UnbatchedRepository.configurationName {
          let text = try String(contentsOf: part, encoding: .utf8)
            .replacingOccurrences(of: UnbatchedRepository.batching, with: "")
          try Data(text.utf8).write(to: place)
        } else {
          try files.createSymbolicLink(at: place, withDestinationURL: part)
        }
      }
    }
  }
}
