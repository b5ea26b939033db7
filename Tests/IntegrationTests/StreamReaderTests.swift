// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing
import TritonClient

/// Two tasks at one stream.
@Suite struct StreamReaderTests {
  /// Hands one iterator to several tasks.
  ///
  /// `@unchecked Sendable`: nothing protects the iterator. The compiler forbids what this does; the test is about
  /// programs that get around it, by a box like this one or in an older language mode.
  private struct Shared: @unchecked Sendable {
    let iterator: InferenceStream<AsyncStream<InferenceRequest>>.Iterator

    init(_ stream: InferenceStream<AsyncStream<InferenceRequest>>) {
      self.iterator = stream.makeAsyncIterator()
    }

    func next() async throws -> StreamedResponse? {
      try await self.iterator.next()
    }
  }

  @Test(.timeLimit(.minutes(1))) func theSecondReaderIsRefusedAndTheFirstGetsItsAnswer() async throws {
    let client = try InferenceServerClient(try await TestServer.url())
    let (requests, continuation) = AsyncStream.makeStream(of: InferenceRequest.self)
    let reader = Shared(client.stream(requests, options: .init(timeout: .seconds(30))))
    try await withThrowingTaskGroup(of: Result<StreamedResponse?, InferenceError>.self) { group in
      for _ in 0..<2 {
        group.addTask {
          do {
            return .success(try await reader.next())
          } catch let error as InferenceError {
            return .failure(error)
          }
        }
      }
      // There is nothing to answer yet: only the task that came second can return.
      let second = try #require(try await group.next())
      let error = #expect(throws: InferenceError.self) { try second.get() }
      #expect(error?.code == .invalidArgument)
      #expect(error?.message.contains("two tasks read one stream") == true)

      continuation.yield(InferenceRequest(model: "countdown", inputs: ["COUNT": Tensor([1 as Int32])]))
      let first = try #require(try await group.next())
      let part = try #require(try first.get())
      #expect(try part.get().output("LEFT").array(of: Int32.self) == [1])
    }
    // The stream is free again, for the end of the answer and for its own.
    continuation.finish()
    #expect(try await reader.next()?.isFinal == true)
    #expect(try await reader.next() == nil)
  }
}
