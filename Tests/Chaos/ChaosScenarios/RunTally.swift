// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// How a number of runs ended.
package struct RunTally: Sendable {
  /// Runs begun.
  package private(set) var started = 0
  /// Those that made their picture.
  package private(set) var finished = 0
  /// Those whose picture is the one that an undisturbed run makes, byte by byte.
  package private(set) var identical = 0
  /// What must not have happened: the first ones in words.
  package private(set) var problems: [String] = []

  private static let problemsKept = 10

  package init() {}

  /// Counts a run that ended with a picture, or with an error.
  package mutating func count(_ run: Int, _ result: Result<Bool, any Error>) {
    self.started += 1
    switch result {
    case .success(let isIdentical):
      self.finished += 1
      self.identical += isIdentical ? 1 : 0
      if !isIdentical { self.note("run \(run) made another picture") }
    case .failure(let error):
      self.note("run \(run) was lost: \(error)")
    }
  }

  /// Counts a call that had nobody to answer it, and was to fail.
  mutating func countRefused() {
    self.started += 1
  }

  mutating func note(_ problem: String) {
    if self.problems.count < RunTally.problemsKept { self.problems.append(problem) }
  }

  /// Adds what another worker counted.
  package mutating func add(_ other: RunTally) {
    self.started += other.started
    self.finished += other.finished
    self.identical += other.identical
    for problem in other.problems { self.note(problem) }
  }
}
