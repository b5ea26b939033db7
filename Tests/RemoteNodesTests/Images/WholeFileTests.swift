// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import Testing

@testable import RemoteNodes

@Suite("Files are written whole or not at all")
struct WholeFileTests {
  private func files(in folder: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  @Test("A new file is written; one that exists stays as it is")
  func create() async throws {
    try await withTemporaryFolder { folder in
      let path = folder.appendingPathComponent("a.png").path
      let created = [try WholeFile.create([1, 2, 3], at: path), try WholeFile.create([4], at: path)]
      #expect(created == [true, false])
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data([1, 2, 3]))
      #expect(try files(in: folder) == ["a.png"])
    }
  }

  @Test("A file is replaced in one step")
  func replace() async throws {
    try await withTemporaryFolder { folder in
      let path = folder.appendingPathComponent("a").path
      try WholeFile.replace([1], at: path)
      try WholeFile.replace([2, 3], at: path)
      #expect(Array(try Data(contentsOf: URL(fileURLWithPath: path))) == [2, 3])
      #expect(try files(in: folder) == ["a"])
    }
  }

  @Test("A folder that does not exist is told with path and reason")
  func noFolder() async throws {
    try await withTemporaryFolder { folder in
      let path = folder.appendingPathComponent("missing/a.png").path
      let error = #expect(throws: GraphError.self) { try WholeFile.create([1], at: path) }
      #expect(error?.code == .fileSystem)
      #expect(error?.message == "\(path) cannot be created: No such file or directory")
    }
  }

  @Test("Where a folder should be made lies a file: told with path and reason")
  func blockedFolder() async throws {
    try await withTemporaryFolder { folder in
      try WholeFile.replace([1], at: folder.appendingPathComponent("file").path)
      let blocked = folder.appendingPathComponent("file/sub")
      let error = #expect(throws: GraphError.self) { try WholeFile.createFolder(blocked) }
      #expect(error?.code == .fileSystem)
      #expect(error?.message.hasPrefix("the folder \(blocked.path) cannot be made: ") == true)
    }
  }

  #if os(Linux)
  @Test("A full disk is one clear error and leaves nothing behind")
  func fullDisk() async throws {
    try await withTemporaryFolder { folder in
      let path = folder.appendingPathComponent("a.png").path
      // The temporary file is there, but what is written to it meets the disk that is always full.
      func openFull(_ temporary: String) -> Int32 {
        let descriptor = WholeFile.openNew(temporary)
        let full = open("/dev/full", O_WRONLY)
        dup2(full, descriptor)
        close(full)
        return descriptor
      }
      let bytes = [UInt8](repeating: 7, count: 100_000)
      let writers: [() throws -> Void] = [
        { _ = try WholeFile.create(bytes, at: path, opening: openFull) },
        { try WholeFile.replace(bytes, at: path, opening: openFull) },
      ]
      for write in writers {
        let error = #expect(throws: GraphError.self) { try write() }
        #expect(error?.code == .fileSystem)
        #expect(error?.message == "\(path) cannot be written: No space left on device")
        let left = try files(in: folder)
        #expect(left == [])
      }
    }
  }
  #endif
}
