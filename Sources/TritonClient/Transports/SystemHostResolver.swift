// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import Synchronization

/// Asks the operating system, whose rules may be files, name servers and caches of its own.
///
/// The system's function blocks, as long as its name servers take, and cannot be interrupted. So each lookup has a
/// thread of its own, which ends by itself when nobody waits for it any more.
package struct SystemHostResolver: HostResolver {
  /// Longest time to wait for an answer.
  package let timeout: Duration

  /// A resolver.
  package init(timeout: Duration = .seconds(5)) {
    self.timeout = timeout
  }

  package func addresses(of host: String) async throws -> [String] {
    try Task.checkCancellation()
    let lookup = Lookup()
    Thread.detachNewThread {
      lookup.finish(Result { try SystemHostResolver.lookUp(host) })
    }
    let timer = Task {
      try await Task.sleep(for: self.timeout)
      lookup.finish(.failure(SystemHostResolver.lateness(of: host, after: self.timeout)))
    }
    defer { timer.cancel() }
    return try await lookup.value()
  }

  /// Joins the thread with the task that waits for it.
  private final class Lookup: Sendable {
    private struct State {
      var continuation: CheckedContinuation<[String], any Error>?
      var result: Result<[String], any Error>?
    }

    private let state = Mutex(State())

    func value() async throws -> [String] {
      try await withTaskCancellationHandler {
        try await withCheckedThrowingContinuation { continuation in
          let result = self.state.withLock { state in
            if state.result == nil { state.continuation = continuation }
            return state.result
          }
          if let result { continuation.resume(with: result) }
        }
      } onCancel: {
        self.finish(.failure(CancellationError()))
      }
    }

    /// The first result counts.
    func finish(_ result: Result<[String], any Error>) {
      let continuation = self.state.withLock { state in
        if state.result == nil { state.result = result }
        return state.continuation.take()
      }
      continuation?.resume(with: result)
    }
  }

  /// Blocks.
  private static func lookUp(_ host: String) throws -> [String] {
    var hints = addrinfo()
    hints.ai_family = AF_UNSPEC
    hints.ai_protocol = Int32(IPPROTO_TCP)
    // No IPv6 address on a machine that has no IPv6.
    hints.ai_flags = AI_ADDRCONFIG
    var first: UnsafeMutablePointer<addrinfo>?
    let failure = getaddrinfo(host, nil, &hints, &first)
    guard failure == 0 else {
      throw SystemHostResolver.absence(of: host, reason: SystemHostResolver.reason(for: failure))
    }
    defer { freeaddrinfo(first) }
    var literals: Set<String> = []
    for entry in sequence(first: first, next: { $0?.pointee.ai_next }) {
      guard let entry, let literal = SystemHostResolver.literal(of: entry.pointee) else { continue }
      literals.insert(literal)
    }
    guard !literals.isEmpty else {
      throw SystemHostResolver.absence(of: host, reason: "no IPv4 or IPv6 address")
    }
    return literals.sorted()
  }

  private static func literal(of entry: addrinfo) -> String? {
    guard entry.ai_family == AF_INET || entry.ai_family == AF_INET6 else { return nil }
    var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    let failure = getnameinfo(
      entry.ai_addr, entry.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
    guard failure == 0 else { return nil }
    return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  private static func reason(for failure: Int32) -> String {
    failure == EAI_SYSTEM ? String(cString: strerror(errno)) : String(cString: gai_strerror(failure))
  }

  private static func absence(of host: String, reason: String) -> InferenceError {
    InferenceError(
      code: .unavailable,
      message: """
        this machine finds no address of the host "\(host)": \(reason); \
        check the name and the machine's name server
        """
    )
  }

  private static func lateness(of host: String, after timeout: Duration) -> InferenceError {
    InferenceError(
      code: .unavailable,
      message: """
        this machine found no address of the host "\(host)" within \(timeout); \
        check that the machine's name server answers
        """
    )
  }
}
