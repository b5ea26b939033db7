// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation

/// Where pictures go: into a folder, numbered after those already there, or into files of a given name.
enum OutputPlan: Hashable, Sendable {
  /// `prefix_00001_.png`, `prefix_00002_.png` …, never over an older one.
  case folder(URL)
  /// One file a picture, in order; an older one of the same name is replaced.
  case files([URL])

  /// The folder used where nothing is said.
  static let defaultFolder = "output"

  /// Reads `--output`: a name that ends in `.png` is a file, anything without an extension, ending in a
  /// slash, or existing as a folder is a folder.
  ///
  /// - Parameters:
  ///   - option: the value of `--output`, nil where it was not given.
  ///   - count: how many pictures there will be; more than one file gets numbers: `name-1.png`.
  ///   - isFolder: whether a folder of that path exists.
  init(option: String?, count: Int, isFolder: (String) -> Bool = OutputPlan.isExistingFolder) throws(Failure)
  {
    let path = option ?? Self.defaultFolder
    guard !path.isEmpty else {
      throw Failure(.usage, "--output is empty: give a folder or a file name that ends in .png")
    }
    let url = URL(fileURLWithPath: path).absoluteURL
    if path.hasSuffix("/") || isFolder(path) || url.pathExtension.isEmpty {
      self = .folder(url)
      return
    }
    guard url.pathExtension.lowercased() == "png" else {
      throw Failure(
        .usage,
        "--output \(path): pictures are written as PNG; name the file .png, or end a folder's name with a slash"
      )
    }
    self = .files(count == 1 ? [url] : (1...count).map { Self.numbered(url, $0, of: count) })
  }

  /// Whether `path` is a folder now.
  static func isExistingFolder(_ path: String) -> Bool {
    (try? URL(fileURLWithPath: path).resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory ?? false
  }

  /// `night.png`, 3 of 12 → `night-03.png`: as many digits as the last number has, so that names sort.
  private static func numbered(_ url: URL, _ number: Int, of count: Int) -> URL {
    let digits = String(number)
    let zeros = String(repeating: "0", count: String(count).count - digits.count)
    let stem = url.deletingPathExtension().lastPathComponent
    return url.deletingLastPathComponent().appendingPathComponent(
      "\(stem)-\(zeros)\(digits).\(url.pathExtension)")
  }
}
