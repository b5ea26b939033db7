// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing
import TritonClient

/// Who holds a tensor's memory, and for how long; and what a storm of cancellations leaves behind.
@Suite struct TransportTests {
  /// The storage of a request's only input, seen without keeping it.
  private struct Watch {
    weak var storage: (any TensorStorage)?
  }

  private func watchedRequest() throws -> (InferenceRequest, Watch) {
    let tensor = try Tensor(shape: [1, 77], of: Int64.self) { $0.initialize(repeating: 1) }
    let request = InferenceRequest(model: "shapes_text_encoder", inputs: ["input_ids": tensor])
    return (request, Watch(storage: tensor.storage))
  }

  /// gRPC gives memory back on a thread of its own, within moments of the call's end.
  private func isReleased(_ watch: Watch) async throws -> Bool {
    for _ in 0..<200 where watch.storage != nil {
      try await Task.sleep(for: .milliseconds(10))
    }
    return watch.storage == nil
  }

  @Test func memoryIsReleasedAfterAnAnswer() async throws {
    let client = try InferenceServerClient(try await TestServer.url())
    let watch = try await {
      let (request, watch) = try self.watchedRequest()
      #expect(watch.storage != nil)
      _ = try await client.infer(request)
      return watch
    }()
    #expect(try await self.isReleased(watch))
  }

  @Test func memoryIsReleasedAfterAFailure() async throws {
    let client = try InferenceServerClient(
      "grpc://127.0.0.1:9",
      configuration: .init(
        retry: .exponentialBackoff(initial: .milliseconds(1), maxAttempts: 3),
        validatesRequests: false
      )
    )
    let watch = try await {
      let (request, watch) = try self.watchedRequest()
      await #expect(throws: InferenceError.self) { _ = try await client.infer(request) }
      return watch
    }()
    #expect(try await self.isReleased(watch))
  }

  @Test func anOutputKeepsTheMessageItIsAViewOf() async throws {
    let client = try InferenceServerClient(try await TestServer.url())
    let hidden = try await {
      let (request, _) = try self.watchedRequest()
      return try await client.infer(request).output("last_hidden_state")
    }()
    client.close()
    let first = try hidden.array(of: Float.self)
    try await Task.sleep(for: .milliseconds(50))
    #expect(try hidden.array(of: Float.self) == first)
    #expect(first.contains { $0 != 0 })
  }

  /// A client that goes while its last call is being completed once took gRPC's own threads with it.
  @Test func clientsComeAndGo() async throws {
    let url = try await TestServer.url()
    for _ in 0..<100 {
      let client = try InferenceServerClient(url)
      #expect(try await client.isServerLive())
      client.close()
    }
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<50 {
        group.addTask { _ = try? await InferenceServerClient(url).isServerLive() }
      }
    }
  }

  @Test func aStormOfCancellationsEndsEveryCall() async throws {
    let client = try InferenceServerClient(try await TestServer.url())
    let (request, _) = try self.watchedRequest()
    _ = try await client.infer(request)
    let outcomes = await withTaskGroup(of: String.self) { group in
      for index in 0..<300 {
        group.addTask {
          let call = Task { try await client.infer(request).output("pooler_output").elementCount }
          if index % 3 > 0 {
            try? await Task.sleep(for: .microseconds(index * 37 % 5_000))
            call.cancel()
          }
          switch await call.result {
          case .success: return "answered"
          case .failure(is CancellationError): return "cancelled"
          case .failure(let error): return "\(error)"
          }
        }
      }
      return await group.reduce(into: [:]) { counts, outcome in counts[outcome, default: 0] += 1 }
    }
    #expect(Set(outcomes.keys).isSubset(of: ["answered", "cancelled"]), "\(outcomes)")
    #expect((outcomes["answered"] ?? 0) >= 100)
    #expect(try await client.infer(request).model == "shapes_text_encoder")
  }
}
