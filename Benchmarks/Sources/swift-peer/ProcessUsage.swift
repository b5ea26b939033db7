// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// What this process has used of the machine.
enum ProcessUsage {
  /// CPU time until now in seconds, user and system.
  static var cpuSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// Most memory that this process has had, in bytes. Not from `getrusage`, which counts what was there before
  /// `exec`, too.
  static var peakMemoryBytes: Int {
    guard let file = fopen("/proc/self/status", "r") else { return 0 }
    defer { fclose(file) }
    var line: UnsafeMutablePointer<CChar>?
    var capacity = 0
    defer { free(line) }
    while getline(&line, &capacity, file) > 0, let line {
      let words = String(cString: line).split { $0 == " " || $0 == "\t" }
      if words.first == "VmHWM:", words.count > 1, let kibibytes = Int(words[1]) { return kibibytes * 1024 }
    }
    return 0
  }
}
