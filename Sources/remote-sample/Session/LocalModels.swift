// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import LocalTriton

/// The models that a server started here gets.
enum LocalModels {
  /// Names another model repository.
  static let variable = "TRITON_MODELS"
  /// The repository that comes with this package, below the folder it was built in.
  private static let bundled = "models/shapes"

  /// A server with those models that is ready before `deadline` or not at all.
  ///
  /// - Parameter isFallback: whether it is to stand in for another server.
  static func configuration(
    variables: [String: String], deadline: Deadline, isFallback: Bool = false
  ) throws -> LocalTritonServer.Configuration {
    var configuration = LocalTritonServer.Configuration(
      modelRepository: try repository(variables, isFallback: isFallback))
    configuration.startTimeout = deadline.remaining
    return configuration
  }

  /// The folder that the variable names, else the nearest `models/shapes` above the working directory or
  /// above this program's file.
  private static func repository(_ variables: [String: String], isFallback: Bool) throws -> URL {
    if let path = variables[variable], !path.isEmpty { return URL(fileURLWithPath: path, isDirectory: true) }
    let workingDirectory = URL(fileURLWithPath: FileManager.default.currentDirectoryPath, isDirectory: true)
    let program = Bundle.main.executableURL?.resolvingSymlinksInPath().deletingLastPathComponent()
    for start in [workingDirectory, program].compactMap({ $0 }) {
      for folder in foldersUpwards(from: start) {
        let repository = folder.appendingPathComponent(bundled, isDirectory: true)
        if OutputPlan.isExistingFolder(repository.path) { return repository }
      }
    }
    throw Failure(
      .unavailable,
      isFallback
        ? "--fallback local: no models to start a server with; name a Triton model repository with the "
          + "environment's \(variable)"
        : "no server to use and no models to start one with: name a server with --url, or a Triton model "
          + "repository with the environment's \(variable)")
  }

  /// A folder and all that contain it, the innermost first.
  private static func foldersUpwards(from start: URL) -> [URL] {
    let parts = start.standardizedFileURL.pathComponents
    return (1...max(1, parts.count)).reversed().map { count in
      URL(fileURLWithPath: NSString.path(withComponents: Array(parts.prefix(count))), isDirectory: true)
    }
  }
}
