// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation

/// Writes files whole or not at all.
///
/// The bytes go to a temporary name in the same folder, are brought to the disk, and only then get the real
/// name. Whatever fails on the way, no half-written file stays behind.
enum WholeFile {
  /// Opens the temporary file for writing; a file descriptor, or −1 with errno set. Tests put a full disk
  /// here.
  typealias Opener = (_ path: String) -> Int32

  /// Writes a file that must not exist yet.
  ///
  /// - Returns: false where something of that name exists already; it is left as it is.
  /// - Throws: `GraphError` (`.fileSystem`) with the path and the reason.
  static func create(_ bytes: [UInt8], at path: String, opening open: Opener = openNew) throws -> Bool {
    try write(bytes, near: path, opening: open) { temporary in
      // A hard link is made only where the name is free, in one step, which rename cannot promise.
      if link(temporary, path) == 0 {
        unlink(temporary)
        return true
      }
      if errno == EEXIST { return false }
      // A file system without hard links: look, then rename.
      if access(path, F_OK) == 0 { return false }
      guard rename(temporary, path) == 0 else { throw failure("be given its name", path, errno) }
      return true
    }
  }

  /// Writes a file, in place of one of that name if there is one.
  ///
  /// - Throws: `GraphError` (`.fileSystem`) with the path and the reason.
  static func replace(_ bytes: [UInt8], at path: String, opening open: Opener = openNew) throws {
    _ = try write(bytes, near: path, opening: open) { temporary in
      guard rename(temporary, path) == 0 else { throw failure("be given its name", path, errno) }
      return true
    }
  }

  /// Creates a folder and those above it.
  ///
  /// - Throws: `GraphError` (`.fileSystem`) with the path and the reason.
  static func createFolder(_ folder: URL) throws {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      let posix = (error as NSError).userInfo[NSUnderlyingErrorKey] as? POSIXError
      let reason = posix.map { String(cString: strerror($0.code.rawValue)) } ?? error.localizedDescription
      throw GraphError(.fileSystem, "the folder \(folder.path) cannot be made: \(reason)")
    }
  }

  /// The usual opener: a new file that others may read.
  static func openNew(_ path: String) -> Int32 {
    open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
  }

  private static func write(
    _ bytes: [UInt8], near path: String, opening open: Opener, naming: (_ temporary: String) throws -> Bool
  ) throws -> Bool {
    let target = URL(fileURLWithPath: path)
    let folder = target.deletingLastPathComponent().path
    let temporary = "\(folder)/.\(target.lastPathComponent.prefix(100)).\(UUID().uuidString).part"
    let descriptor = open(temporary)
    guard descriptor >= 0 else { throw failure("be created", path, errno) }
    var isNamed = false
    defer { if !isNamed { unlink(temporary) } }
    do {
      defer { close(descriptor) }
      try fill(descriptor, with: bytes, path: path)
    }
    isNamed = try naming(temporary)
    if isNamed { synchronizeFolder(folder) }
    return isNamed
  }

  private static func fill(_ descriptor: Int32, with bytes: [UInt8], path: String) throws {
    try bytes.withUnsafeBytes { buffer in
      var rest = buffer[...]
      while !rest.isEmpty {
        let count = Foundation.write(
          descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count < 0 {
          if errno == EINTR { continue }
          throw failure("be written", path, errno)
        }
        rest = rest.dropFirst(count)
      }
    }
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw failure("be written", path, errno) }
  }

  /// Makes the new name last. Some file systems cannot; the file is there all the same.
  private static func synchronizeFolder(_ folder: String) {
    let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = fsync(descriptor)
    close(descriptor)
  }

  private static func failure(_ what: String, _ path: String, _ code: Int32) -> GraphError {
    GraphError(.fileSystem, "\(path) cannot \(what): \(String(cString: strerror(code)))")
  }
}
