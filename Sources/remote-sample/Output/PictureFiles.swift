// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import RemoteNodes

/// Puts pictures where they belong: whole, or not at all.
enum PictureFiles {
  /// Runs `body` with a hidden folder beside `destination`, moves the file that it made there to
  /// `destination`, and removes the folder, also when anything failed.
  ///
  /// - Parameters:
  ///   - destination: the file to be; an older one is replaced at once by the new one.
  ///   - body: makes one file in the folder that it is given and returns it.
  static func staged<Success>(
    for destination: URL, _ body: (URL) async throws -> (file: URL, result: Success)
  ) async throws -> Success {
    let parent = destination.deletingLastPathComponent()
    let folder = parent.appendingPathComponent(
      ".\(destination.lastPathComponent).\(UUID().uuidString.prefix(8))")
    try createFolder(folder)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (file, result) = try await naming(destination, insteadOf: folder) { try await body(folder) }
    guard rename(file.path, destination.path) == 0 else {
      let reason = String(cString: strerror(errno))
      throw Failure(.software, "cannot write \(destination.path): \(reason); choose another --output")
    }
    return result
  }

  /// An error about a file in the hidden folder is told as one about the file that the user asked for.
  private static func naming<Success>(
    _ destination: URL, insteadOf folder: URL, _ body: () async throws -> Success
  ) async throws -> Success {
    do {
      return try await body()
    } catch let error as GraphError where error.code == .fileSystem {
      let hidden = NSRegularExpression.escapedPattern(for: folder.path) + "/[^/ ]*\\.png"
      throw Failure(
        .software,
        error.description.replacingOccurrences(
          of: hidden, with: destination.path, options: .regularExpression))
    }
  }

  /// Makes a folder, where it does not exist, and refuses one that cannot be written into: before hours of
  /// work, not after them.
  static func prepareFolder(_ folder: URL) throws {
    try createFolder(folder)
    guard access(folder.path, W_OK | X_OK) == 0 else {
      let reason = String(cString: strerror(errno))
      throw Failure(.software, "cannot write into \(folder.path): \(reason); choose another --output")
    }
  }

  /// Makes a folder and those above it, where they do not exist.
  private static func createFolder(_ folder: URL) throws {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      let parent = folder.deletingLastPathComponent().path
      throw Failure(
        .software,
        "cannot write into \(parent): \(reason(of: error)); choose another --output or make room")
    }
  }

  /// Why a file could not be used, in the system's own short words where it has some.
  static func reason(of error: any Error) -> String {
    let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? POSIXError
    return cause.map { String(cString: strerror($0.code.rawValue)) } ?? error.localizedDescription
  }
}
