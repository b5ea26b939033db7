// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// The end of the time that a whole run may take.
struct Deadline: Sendable {
  /// What the user asked for, for messages.
  let seconds: Double
  private let end: ContinuousClock.Instant

  /// `seconds` from now.
  init(seconds: Double) {
    self.seconds = seconds
    self.end = .now + .seconds(seconds)
  }

  /// The whole time, for people.
  var text: String { "\(ProgressLine.seconds(seconds)) (--timeout)" }

  /// The time left; zero when it is over.
  var remaining: Duration { max(.zero, end - .now) }

  /// Runs `body`, cancels it when the time is over, and then throws ``DeadlineExceeded`` once it has ended.
  func run<Success: Sendable>(
    _ body: @escaping @Sendable () async throws -> Success
  ) async throws -> Success {
    try await withThrowingTaskGroup(of: Success?.self) { group in
      defer { group.cancelAll() }
      group.addTask { try await body() }
      group.addTask { [end] in
        try await Task.sleep(until: end, clock: .continuous)
        return nil
      }
      guard let first = try await group.next(), let success = first else { throw DeadlineExceeded() }
      return success
    }
  }
}
