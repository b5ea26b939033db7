// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing

@testable import TritonClient

/// The real thing: it asks this machine.
@Suite(.timeLimit(.minutes(1))) struct SystemHostResolverTests {
  private let resolver = SystemHostResolver(timeout: .seconds(30))

  @Test func localhostIsThisMachine() async throws {
    let addresses = try await self.resolver.addresses(of: "localhost")
    #expect(!addresses.isEmpty)
    #expect(Set(addresses).isSubset(of: ["127.0.0.1", "::1"]))
    #expect(addresses.count == Set(addresses).count)
    #expect(addresses == addresses.sorted())
  }

  @Test(arguments: [("127.0.0.1", "127.0.0.1"), ("10.1.2.3", "10.1.2.3"), ("::1", "::1"), ("0:0::2", "::2")])
  func anAddressStandsForItself(host: String, literal: String) async throws {
    #expect(try await self.resolver.addresses(of: host) == [literal])
  }

  /// The name is one that RFC 6761 keeps from existing.
  @Test(arguments: ["nothing.invalid", "", "no spaces allowed"])
  func anUnknownNameIsUnavailable(host: String) async throws {
    let error = try await #require(throws: InferenceError.self) {
      try await self.resolver.addresses(of: host)
    }
    #expect(error.code == .unavailable)
    #expect(error.message.contains("\"\(host)\""))
    #expect(error.message.contains("name server"))
  }

  @Test func aCancelledTaskIsNotKeptWaiting() async throws {
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await self.resolver.addresses(of: "nothing.invalid")
    }
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  /// Whichever comes first, every lookup ends once, and with one of its two endings.
  @Test func cancellingAtAnyMomentEndsTheWait() async throws {
    for round in 0..<200 {
      let task = Task { try await self.resolver.addresses(of: "127.0.0.1") }
      if !round.isMultiple(of: 2) { try await Task.sleep(for: .microseconds(round)) }
      task.cancel()
      do {
        #expect(try await task.value == ["127.0.0.1"])
      } catch is CancellationError {
        continue
      }
    }
  }

  @Test func anAnswerThatTakesTooLongIsUnavailable() async throws {
    let hasty = SystemHostResolver(timeout: .zero)
    var failures = 0
    for _ in 0..<200 {
      do {
        #expect(try await hasty.addresses(of: "localhost").isEmpty == false)
      } catch let error as InferenceError {
        failures += 1
        #expect(error.code == .unavailable)
        #expect(error.message.contains("\"localhost\" within 0.0 seconds"))
      }
    }
    #expect(failures > 0)
  }

  @Test func manyAtATime() async throws {
    try await withThrowingTaskGroup(of: [String].self) { group in
      for _ in 0..<100 { group.addTask { try await self.resolver.addresses(of: "127.0.0.1") } }
      var count = 0
      for try await addresses in group {
        #expect(addresses == ["127.0.0.1"])
        count += 1
      }
      #expect(count == 100)
    }
  }
}
