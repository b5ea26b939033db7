// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

public import Foundation

/// The folder that `scripts/setup` makes: Triton, its backends and the Python they run in.
public struct TritonEnvironment: Sendable {
  /// The folder itself, usually called `.triton`.
  public let folder: URL

  /// The name of the variable that says where the folder is.
  public static let variable = "TRITON_ENVIRONMENT"

  private static let name = ".triton"

  /// Written last by `scripts/setup`: without it the folder is not complete.
  private static let marker = "environment.json"

  /// The environment in a folder.
  ///
  /// - Throws: ``LocalTritonError`` with `environmentMissing` if `scripts/setup` has not finished one there.
  public init(folder: URL) throws {
    guard Self.isComplete(folder) else {
      throw LocalTritonError(
        code: .environmentMissing,
        message: "\(folder.path) is not a complete Triton environment: run scripts/setup")
    }
    self.folder = folder
  }

  /// The environment that `TRITON_ENVIRONMENT` names, else the nearest `.triton` folder above the working
  /// directory or above this program's file.
  ///
  /// - Throws: ``LocalTritonError`` with `environmentMissing` if there is none.
  public static func find() throws -> TritonEnvironment {
    if let path = ProcessInfo.processInfo.environment[Self.variable], !path.isEmpty {
      return try TritonEnvironment(folder: URL(fileURLWithPath: path, isDirectory: true))
    }
    let workingDirectory = URL(fileURLWithPath: FileManager.default.currentDirectoryPath, isDirectory: true)
    let program = Bundle.main.executableURL?.resolvingSymlinksInPath().deletingLastPathComponent()
    return try Self.find(above: [workingDirectory] + (program.map { [$0] } ?? []))
  }

  /// The first complete environment in one of the folders or in a folder that contains it.
  static func find(above starts: [URL]) throws -> TritonEnvironment {
    for start in starts {
      var place = start.standardizedFileURL
      while true {
        let folder = place.appendingPathComponent(Self.name, isDirectory: true)
        if Self.isComplete(folder) { return try TritonEnvironment(folder: folder) }
        let parent = place.deletingLastPathComponent().standardizedFileURL
        guard parent.path != place.path, place.path != "/" else { break }
        place = parent
      }
    }
    throw LocalTritonError(
      code: .environmentMissing,
      message: "no Triton on this machine: there is no complete \(Self.name) folder in or above "
        + starts.map(\.path).joined(separator: " or ")
        + "; run scripts/setup, or set \(Self.variable) to the folder that it made elsewhere")
  }

  /// The Python that runs the supervisor.
  var python: String { self.folder.appendingPathComponent("venv/bin/python").path }

  /// The program that starts the server and ends it with us.
  var supervisor: String { self.folder.appendingPathComponent("bin/triton_supervisor.py").path }

  private static func isComplete(_ folder: URL) -> Bool {
    FileManager.default.fileExists(atPath: folder.appendingPathComponent(Self.marker).path)
  }
}
