// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import TritonClient

/// How one call ended.
enum SoakOutcome: Hashable {
  /// With what was sent.
  case answered
  /// With `CancellationError`.
  case cancelled
  /// Nobody waited for the answer.
  case abandoned
  case failed(InferenceError.Code)
  /// In a way that no call may end.
  case wrong(String)

  init(_ error: any Error) {
    switch error {
    case is CancellationError: self = .cancelled
    case let error as InferenceError: self = .failed(error.code)
    default: self = .wrong("\(error)")
    }
  }

  var name: String {
    switch self {
    case .answered: "answered"
    case .cancelled: "cancelled"
    case .abandoned: "abandoned"
    case .failed(let code): "\(code)"
    case .wrong(let text): text
    }
  }
}

/// How a number of calls ended.
package struct SoakTally: Sendable {
  /// Calls made; each request on a stream counts as one.
  package private(set) var calls = 0

  /// Calls by how they ended.
  package private(set) var outcomes: [String: Int] = [:]

  /// Streams opened.
  package var streams = 0

  /// Clients made and closed.
  package var clients = 0

  /// What must not have happened: the first ones in words.
  package private(set) var problems: [String] = []

  private static let problemsKept = 20

  mutating func count(
    _ outcome: SoakOutcome,
    allowing allowed: Set<SoakOutcome>,
    times: Int = 1
  ) {
    self.calls += times
    guard allowed.contains(outcome) else {
      self.note("a call ended with \(outcome.name) instead of \(allowed.map(\.name).sorted())")
      return
    }
    self.outcomes[outcome.name, default: 0] += times
  }

  mutating func note(_ problem: String) {
    if self.problems.count < SoakTally.problemsKept { self.problems.append(problem) }
  }

  package init() {}

  /// Adds what another worker counted.
  package mutating func add(_ other: SoakTally) {
    self.calls += other.calls
    self.outcomes.merge(other.outcomes, uniquingKeysWith: +)
    self.streams += other.streams
    self.clients += other.clients
    for problem in other.problems { self.note(problem) }
  }
}
