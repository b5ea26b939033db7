// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing
import TritonClient

/// Something that should have ended and did not.
struct StillRunning: Error, CustomStringConvertible {
  var limit: Duration

  var description: String { "it did not end within \(self.limit)" }
}

/// Waits for a task, but no longer than a limit, also where the task does not notice that it is cancelled: a call
/// that hangs fails its test and does not hold it up.
func ending<Success: Sendable>(
  of task: Task<Success, any Error>,
  within limit: Duration
) async throws -> Result<Success, any Error> {
  let (results, continuation) = AsyncStream.makeStream(of: Result<Success, any Error>.self)
  Task { continuation.yield(await task.result) }
  let timer = Task {
    try await Task.sleep(for: limit)
    continuation.finish()
  }
  defer { timer.cancel() }
  for await result in results { return result }
  task.cancel()
  throw StillRunning(limit: limit)
}

/// The same for what `body` does.
func ending<Success: Sendable>(
  within limit: Duration,
  of body: @escaping @Sendable () async throws -> Success
) async throws -> Result<Success, any Error> {
  try await ending(of: Task { try await body() }, within: limit)
}

extension InferenceServerClient {
  /// How a request ends, which it must soon after its timeout.
  func ending(
    of request: InferenceRequest,
    timeout: Duration,
    options: CallOptions = .defaults
  ) async throws -> Result<InferenceResponse, InferenceError> {
    try await FaultServerTests.ending(within: timeout + slack) {
      try await self.infer(request, timeout: timeout, options: options)
    }.mapError { error in
      // No test expects this one.
      error as? InferenceError ?? InferenceError(code: .closed, message: "no InferenceError: \(error)")
    }
  }
}

extension Result {
  /// The failure; `nil` of a success.
  var failure: Failure? {
    if case .failure(let error) = self { error } else { nil }
  }

  /// The success; `nil` of a failure.
  var success: Success? {
    if case .success(let value) = self { value } else { nil }
  }
}
