// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import TritonClient

/// What this process holds, as Linux says in /proc/self.
package struct ProcessUsage: Sendable {
  /// Open file descriptors.
  package let fileDescriptors: Int

  /// Threads, but for those of pools.
  package let threads: Int

  /// Threads of the pools of gRPC and Dispatch, which belong to the process. They grow when much happens at a time,
  /// each to a bound that depends on the processors, and shrink when they like.
  package let poolThreads: Int

  /// Memory in use, in bytes.
  package let residentBytes: Int

  /// Memory of tensors that are gone, which the library keeps for the next ones, up to a fixed size.
  package let spareBytes: Int

  /// The most that ``residentBytes`` has been.
  package let peakResidentBytes: Int

  /// What is held at this moment.
  package static func now() throws -> ProcessUsage {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    var fields: [Substring: Int] = [:]
    for line in status.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard let name = parts.first, let value = parts.last else { continue }
      fields[name] = value.split(whereSeparator: \.isWhitespace).first.flatMap { Int($0) }
    }
    guard let resident = fields["VmRSS"], let peak = fields["VmHWM"] else {
      throw CocoaError(.fileReadCorruptFile)
    }
    let names = try ProcessUsage.threadNames()
    let pooled = names.count { ProcessUsage.poolNames.contains($0) }
    return ProcessUsage(
      // One of them is the folder itself, open while it is listed.
      fileDescriptors: try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count - 1,
      threads: names.count - pooled,
      poolThreads: pooled,
      residentBytes: resident << 10,
      spareBytes: SpareMemory.shared.byteCount,
      peakResidentBytes: peak << 10
    )
  }

  /// The most threads that the pools may have: about twice the processors for each.
  package static var poolThreadLimit: Int {
    2 * ProcessInfo.processInfo.processorCount * ProcessUsage.poolNames.count
  }

  /// What gRPC and Dispatch call the threads of their pools, as far as Linux keeps names.
  private static let poolNames: Set = [
    "default-executo", "resolver-execut", "event_engine", "grpc_global_tim", "timer_manager",
    "oot.default-qos", "-qos.overcommit",
  ]

  private static func threadNames() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").compactMap { thread in
      // Nothing if the thread has ended meanwhile.
      try? String(contentsOfFile: "/proc/self/task/\(thread)/comm", encoding: .utf8)
        .trimmingCharacters(in: .whitespacesAndNewlines)
    }
  }

  /// What is held at rest: connections close and threads end a moment after their last use. Returns at once when
  /// no more is held than `limit` has, otherwise the last figures after ten seconds; without a limit when they
  /// have not changed for two seconds.
  package static func atRest(noMoreThan limit: ProcessUsage? = nil) async throws -> ProcessUsage {
    var usage = try ProcessUsage.now()
    var unchanged = 0
    for _ in 0..<100 {
      if let limit, usage.isNoMore(than: limit) { break }
      if limit == nil, unchanged == 20 { break }
      try await Task.sleep(for: .milliseconds(100))
      let next = try ProcessUsage.now()
      unchanged = next.isNoMore(than: usage) && usage.isNoMore(than: next) ? unchanged + 1 : 0
      usage = next
    }
    return usage
  }

  /// Whether there are no more descriptors and threads than another time.
  package func isNoMore(than other: ProcessUsage) -> Bool {
    self.fileDescriptors <= other.fileDescriptors && self.threads <= other.threads
  }
}
