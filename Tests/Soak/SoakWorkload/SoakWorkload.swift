// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Synchronization
import TritonClient

/// Calls of all kinds at random, many at a time: whatever happens to them, nothing may be left of them.
///
/// The server is Tests/Support/FaultServer: its model `echo` gives inputs back, later or not at all if the request's
/// parameters say so. Every answer is compared with what was sent; a failure must be one that was provoked.
package struct SoakWorkload: Sendable {
  /// Address of the server.
  let url: String

  /// Calls under way at a time.
  let concurrency: Int

  /// What all calls are; of every kind if `nil`.
  let kind: SoakKind?

  private let client: InferenceServerClient
  private let messages: [SoakMessage]

  /// - Parameters:
  ///   - url: address of a FaultServer.
  ///   - concurrency: calls under way at a time.
  ///   - kind: what all calls are; of every kind if `nil`.
  package init(url: String, concurrency: Int = 16, kind: SoakKind? = nil) throws {
    self.url = url
    self.concurrency = concurrency
    self.kind = kind
    self.client = try SoakWorkload.client(of: url)
    self.messages = try SoakMessage.ofAllSizes()
  }

  /// Makes a number of calls; each request on a stream counts as one.
  ///
  /// - Returns: how they ended.
  package func run(calls: Int, seed: UInt64) async -> SoakTally {
    let remaining = Remaining(calls)
    return await withTaskGroup(of: SoakTally.self) { group in
      for worker in 0..<UInt64(self.concurrency) {
        group.addTask {
          var generator = SplitMix64(state: seed &* 1_000 &+ worker)
          var tally = SoakTally()
          while remaining.count.withLock({ $0 > 0 }) {
            let before = tally.calls
            await self.step(&tally, using: &generator)
            remaining.count.withLock { $0 -= tally.calls - before }
          }
          return tally
        }
      }
      return await group.reduce(into: SoakTally()) { $0.add($1) }
    }
  }

  /// Closes the workload's client.
  package func close() {
    self.client.close()
  }

  private static func client(
    of url: String,
    executor: InferenceExecutor = .shared
  ) throws -> InferenceServerClient {
    try InferenceServerClient(
      url,
      configuration: .init(
        retry: .exponentialBackoff(initial: .milliseconds(1), cap: .milliseconds(2)),
        // The faults are the calls' own: many in a row say nothing of the server.
        circuitBreaker: .disabled,
        validatesRequests: false,
        executor: executor
      )
    )
  }

  private func step(_ tally: inout SoakTally, using generator: inout SplitMix64) async {
    let message = self.message(using: &generator)
    let calls = SoakCalls(client: self.client, message: message)
    let kind = self.kind ?? SoakKind.random(using: &generator)
    // In one of two cases the task runs where the client's answers arrive.
    let executor: InferenceExecutor? = Bool.random(using: &generator) ? self.client.executor : nil
    let isPrepared = Bool.random(using: &generator)
    let pause = Duration.microseconds(Int.random(in: 0...3_000, using: &generator))
    let count = Int.random(in: 1...6, using: &generator)
    await withTaskExecutorPreference(executor) {
      switch kind {
      case .success: await calls.succeed(&tally, isPrepared: isPrepared)
      case .cancelledBefore: await calls.cancelBefore(&tally)
      case .cancelled: await calls.cancel(after: pause, &tally)
      case .limited: await calls.limit(to: pause, &tally)
      case .retried: await calls.retry(&tally, isPrepared: isPrepared)
      case .client: await self.useClientOfItsOwn(message, pause: pause, &tally)
      case .stream: await calls.stream(count, &tally)
      case .abandonedStream: await calls.abandonStream(count, &tally)
      case .cancelledStream: await calls.cancelStream(count, after: pause, &tally)
      case .restartedStream: await calls.restartStream(count, &tally)
      }
    }
  }

  /// Mostly small ones: the mean is some 20 KiB.
  private func message(using generator: inout SplitMix64) -> SoakMessage {
    let limit: Int
    switch Double.random(in: 0..<1, using: &generator) {
    case ..<0.70: limit = 1 << 10
    case ..<0.97: limit = 64 << 10
    case ..<0.999: limit = 1 << 20
    default: limit = 4 << 20
    }
    let choice = self.messages.prefix { $0.byteCount <= limit }
    return choice[Int.random(in: choice.indices, using: &generator)]
  }

  /// A client, in one of two cases with a thread of its own, that is closed while a call may be under way.
  private func useClientOfItsOwn(_ message: SoakMessage, pause: Duration, _ tally: inout SoakTally) async {
    do {
      let hasThread = pause < .milliseconds(1) || pause > .milliseconds(2)
      let executor = hasThread ? InferenceExecutor(name: "soak") : .shared
      let client = try SoakWorkload.client(of: self.url, executor: executor)
      let calls = SoakCalls(client: client, message: message)
      await calls.succeed(&tally, isPrepared: false)
      async let last = calls.outcomeOfDelayedCall()
      try await Task.sleep(for: pause / 4)
      client.close()
      // Refused by the closed client, or begun before and answered.
      tally.count(await last, allowing: [.answered, .failed(.closed)])
      tally.clients += 1
    } catch {
      tally.note("a client of its own: \(error)")
    }
  }
}

/// How many calls are to be made still, for all workers.
private final class Remaining: Sendable {
  let count: Mutex<Int>

  init(_ count: Int) {
    self.count = Mutex(count)
  }
}
