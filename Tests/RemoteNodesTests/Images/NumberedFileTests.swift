// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import Testing

@testable import RemoteNodes

@Suite("Names of saved pictures")
struct NumberedFileTests {
  @Test(
    "Numbers count up from the highest that is there",
    arguments: [
      ([], 1), (["x_00001_.png"], 2), (["x_00009_.png", "x_00003_.png"], 10), (["xy_00005_.png"], 1),
      (["x_00012.png"], 1), (["x_note_.txt"], 1), (["x_123456_.png"], 123_457),
      (["x_99999999999999999999_.png"], 1), (["x_-3_.png"], 1),
    ] as [([String], Int)])
  func counting(files: [String], next: Int) {
    #expect(NumberedFile.nextNumber(after: files, name: "x") == next)
  }

  @Test("Files get the next name and never replace one")
  func create() async throws {
    try await withTemporaryFolder { folder in
      let prefix = try NumberedFile(prefix: "sub/circle")
      let urls = try (0..<3).map { try prefix.create([UInt8($0)], in: folder) }
      #expect(
        urls.map(\.lastPathComponent) == ["circle_00001_.png", "circle_00002_.png", "circle_00003_.png"])
      #expect(try Data(contentsOf: folder.appendingPathComponent("sub/circle_00001_.png")) == Data([0]))
      #expect(try NumberedFile(prefix: "").create([1], in: folder).lastPathComponent == "_00001_.png")
    }
  }

  @Test("Writers at the same time all get names of their own")
  func concurrentWriters() async throws {
    try await withTemporaryFolder { folder in
      let prefix = try NumberedFile(prefix: "x")
      let names = try await withThrowingTaskGroup(of: String.self) { group in
        for index in 0..<40 {
          group.addTask { try prefix.create([UInt8(index)], in: folder).lastPathComponent }
        }
        return try await group.reduce(into: Set<String>()) { $0.insert($1) }
      }
      #expect(names.count == 40)
      let contents = try names.map { try Data(contentsOf: folder.appendingPathComponent($0)) }
      #expect(Set(contents).count == 40)
    }
  }

  @Test("Size, time and place in the batch are filled in")
  func places() async throws {
    try await withTemporaryFolder { folder in
      var calendar = Calendar(identifier: .gregorian)
      calendar.timeZone = .gmt
      let date = Date(timeIntervalSince1970: 1_700_000_000)  // 2023-11-14 22:13:20
      let url = try NumberedFile(
        prefix: "%year%-%month%-%day%/%hour%%minute%%second%_%width%x%height%_%batch_num%"
      )
      .expanded(width: 128, height: 64, date: date, calendar: calendar).numbered(inBatch: 3)
      .create([], in: folder)
      #expect(url.path == folder.path + "/2023-11-14/221320_128x64_3_00001_.png")
    }
  }

  @Test("A prefix cannot leave the output folder", arguments: ["/etc/x", "..", "a/../../x", "../x", "a\0b"])
  func outside(prefix: String) {
    let error = #expect(throws: GraphError.self) { try NumberedFile(prefix: prefix) }
    #expect(error?.code == .invalidInput)
  }
}
