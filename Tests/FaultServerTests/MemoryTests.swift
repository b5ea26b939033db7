// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Synchronization
import Testing
import TritonClient

/// A tensor's memory that tells when it is released.
///
/// `@unchecked Sendable`: the bytes are written in the initialiser only.
private final class WatchedStorage: TensorStorage, @unchecked Sendable {
  let bytes: UnsafeRawBufferPointer
  private let onRelease: @Sendable () -> Void

  init(byteCount: Int, onRelease: @escaping @Sendable () -> Void) {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 64)
    memory.initializeMemory(as: UInt8.self, repeating: 1)
    self.bytes = UnsafeRawBufferPointer(memory)
    self.onRelease = onRelease
  }

  deinit {
    self.bytes.deallocate()
    self.onRelease()
  }

  var byteCount: Int { self.bytes.count }

  var pieces: StoragePieces { StoragePieces(owner: self, buffers: [self.bytes]) }

  func contiguous(alignment: Int) -> ContiguousBytes { ContiguousBytes(owner: self, buffer: self.bytes) }
}

/// Counts the tensors that are alive.
private final class TensorCounter: Sendable {
  private let alive = Mutex(0)

  func tensor(byteCount: Int) -> Tensor {
    self.alive.withLock { $0 += 1 }
    let storage = WatchedStorage(byteCount: byteCount) { self.alive.withLock { $0 -= 1 } }
    return Tensor(shape: [byteCount], dataType: .uint8, storage: storage)
  }

  /// How many are alive when gRPC has had time to let go of them.
  func settled(within limit: Duration = slack) async throws -> Int {
    let clock = ContinuousClock()
    let deadline = clock.now + limit
    while self.alive.withLock({ $0 }) > 0, clock.now < deadline {
      try await Task.sleep(for: .milliseconds(5))
    }
    return self.alive.withLock { $0 }
  }
}

/// Tensors' memory goes when the calls are over, however they end.
@Suite(.timeLimit(.minutes(1))) struct MemoryTests {
  private static let byteCount = 300_000

  @Test(
    arguments: [
      [:], ["code": 3], ["code": 14], ["appended_hex": "ff"], ["shape": "7"], ["keep_bytes": 0],
      ["messages": 0], ["replaced_hex": ""],
    ] as [[String: InferenceParameter]])
  func anInputIsReleasedAfterTheCall(faults: [String: InferenceParameter]) async throws {
    let client = try await FaultServer.client(
      .init(
        retry: .exponentialBackoff(initial: .milliseconds(1), cap: .milliseconds(1)),
        validatesRequests: false
      )
    )
    let counter = TensorCounter()
    for _ in 0..<5 {
      let tensor = counter.tensor(byteCount: MemoryTests.byteCount)
      _ = try? await client.infer(.echo(["x": tensor], faults: faults))
    }
    #expect(try await counter.settled() == 0)
  }

  @Test func anInputIsReleasedAfterTheDeadline() async throws {
    let client = try await FaultServer.client()
    let counter = TensorCounter()
    for _ in 0..<5 {
      let tensor = counter.tensor(byteCount: MemoryTests.byteCount)
      _ = try? await client.infer(
        .echo(["x": tensor], faults: ["delay_ms": 5_000, "ignores_cancellation": true]),
        timeout: .milliseconds(50)
      )
    }
    #expect(try await counter.settled() == 0)
  }

  @Test func anInputIsReleasedAfterACancellation() async throws {
    let client = try await FaultServer.client()
    let counter = TensorCounter()
    await withTaskGroup(of: Void.self) { group in
      for index in 0..<50 {
        group.addTask {
          let tensor = counter.tensor(byteCount: MemoryTests.byteCount)
          let request = InferenceRequest.echo(["x": tensor], faults: ["delay_ms": 5_000])
          let task = Task { try await client.infer(request) }
          try? await Task.sleep(for: .microseconds(index * 100))
          task.cancel()
          _ = await task.result
        }
      }
    }
    #expect(try await counter.settled() == 0)
  }

  @Test(
    arguments: [
      ["cut_upload_at": 150_000], ["cut_answer_at": 150_000], ["refuse": true],
    ] as [[String: InferenceParameter]])
  func anInputIsReleasedWhenTheConnectionBreaks(faults: [String: InferenceParameter]) async throws {
    let counter = TensorCounter()
    try await FaultyRoute.with(faults) { route in
      let client = try route.client()
      let tensor = counter.tensor(byteCount: MemoryTests.byteCount)
      _ = try await client.ending(of: .echo(["x": tensor]), timeout: .seconds(20))
    }
    #expect(try await counter.settled() == 0)
  }

  /// gRPC keeps what it has begun to write until the connection has taken it or is gone.
  @Test func anInputIsReleasedWhenAStalledConnectionGoes() async throws {
    let counter = TensorCounter()
    try await FaultyRoute.with { route in
      let client = try route.client()
      try await client.expectToWork()
      try await route.change(to: ["stall_upload_at": 500_000])
      let tensor = counter.tensor(byteCount: 32 << 20)
      let task = Task { try await client.infer(.echo(["x": tensor]), timeout: .milliseconds(300)) }
      while try await route.report().uploaded < 400_000 { try await Task.sleep(for: .milliseconds(10)) }
      try await route.change(drops: true)
      _ = try await ending(of: task, within: slack)
    }
    #expect(try await counter.settled() == 0)
  }

  @Test func aPreparedRequestKeepsItsInputsAndNothingElseDoes() async throws {
    let client = try await FaultServer.client(
      .init(retry: .exponentialBackoff(initial: .milliseconds(1)), validatesRequests: false)
    )
    let counter = TensorCounter()
    do {
      let tensor = counter.tensor(byteCount: MemoryTests.byteCount)
      let faults: [String: InferenceParameter] = ["code": 14, "failures": 2]
      let prepared = try client.prepare(.echo(["x": tensor], id: uniqueID("prepared"), faults: faults))
      #expect(try await client.infer(prepared).parameters["attempt"] == 3)
      #expect(try await counter.settled(within: .milliseconds(50)) == 1)
      withExtendedLifetime(prepared) {}
    }
    #expect(try await counter.settled() == 0)
  }

  @Test func anOutputStaysAsLongAsItsTensor() async throws {
    let client = try await FaultServer.client()
    weak var storage: (any TensorStorage)?
    do {
      let kept: Tensor
      do {
        kept = try await client.infer(.zeros(1 << 20)).output("OUTPUT")
      }
      storage = kept.storage
      #expect(storage != nil)
      #expect(kept.withUnsafeBytes { $0.allSatisfy { $0 == 0 } })
    }
    #expect(storage == nil)
  }

  @Test(
    arguments: [
      [:], ["code": 14], ["appended_hex": "ff"], ["hangs": true],
    ] as [[String: InferenceParameter]])
  func inputsOfAStreamAreReleased(faults: [String: InferenceParameter]) async throws {
    let client = try await FaultServer.client()
    let counter = TensorCounter()
    let request = { () -> InferenceRequest in
      .echo(["x": counter.tensor(byteCount: MemoryTests.byteCount)], faults: faults)
    }
    _ = try await ending(within: .seconds(30)) { [requests = (0..<5).map { _ in request() }] in
      for try await _ in client.stream(requests, options: .init(timeout: .milliseconds(500))) {}
    }
    #expect(try await counter.settled() == 0)
  }
}
