// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import Synchronization

/// Where the signal handler writes; the only thing it may touch. -1 until a watch begins.
private let signalPipe = Atomic<Int32>(-1)

/// Turns the signals that end a process into a cancelled task, so that a server started by this run is stopped.
///
/// The handler only writes the signal's number into a pipe (all that is safe there); a thread reads it.
/// The second signal ends the process at once.
final class SignalWatch: Sendable {
  private let firstSignal = Atomic<Int32>(0)

  /// The first signal that arrived, or nil.
  var received: Int32? {
    let number = firstSignal.load(ordering: .acquiring)
    return number == 0 ? nil : number
  }

  /// Watches from now to the end of the process; one watch a process.
  ///
  /// - Parameter onFirst: called once, on a thread of the watch.
  func begin(onFirst: @escaping @Sendable () -> Void) throws {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      throw Failure(.software, "cannot watch for signals: \(String(cString: strerror(errno)))")
    }
    let (reader, writer) = (ends[0], ends[1])
    // Children must not hold the pipe open.
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    signalPipe.store(writer, ordering: .releasing)

    Thread.detachNewThread { [self] in
      var number: UInt8 = 0
      while true {
        guard read(reader, &number, 1) == 1 else {
          if errno == EINTR { continue }
          return
        }
        let (first, _) = firstSignal.compareExchange(
          expected: 0, desired: Int32(number), ordering: .acquiringAndReleasing)
        guard first else { _exit(ExitStatus.signal(Int32(number)).code) }
        onFirst()
      }
    }
    for number in [SIGINT, SIGTERM, SIGHUP] {
      let previous = signal(number) { number in
        let saved = errno
        var byte = UInt8(truncatingIfNeeded: number)
        _ = write(signalPipe.load(ordering: .acquiring), &byte, 1)
        errno = saved
      }
      // nohup ignores SIGHUP for its child, and means it.
      if number == SIGHUP, Self.isIgnore(previous) { signal(number, SIG_IGN) }
    }
  }

  /// Makes writes to a closed pipe and over the limit of a file's size fail with an error, not end the process.
  ///
  /// By a handler that does nothing: unlike "ignore", that is not handed down to child processes.
  static func surviveWriteSignals() {
    for number in [SIGPIPE, SIGXFSZ] { signal(number) { _ in } }
  }

  /// Whether a handler is `SIG_IGN`, which is the address 1 and no function.
  private static func isIgnore(_ handler: (@convention(c) (Int32) -> Void)?) -> Bool {
    unsafeBitCast(handler, to: Int.self) == 1
  }
}
