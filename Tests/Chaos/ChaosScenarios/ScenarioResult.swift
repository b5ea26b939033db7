// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// One line of the table: what came of a scenario.
package struct ScenarioResult: Sendable {
  /// What was done to the servers.
  package internal(set) var title: String
  package var tally: RunTally
  /// Until the client knew; `nil` where there is nothing to notice.
  package var timeToNotice: Duration?
  /// Until work went on; see ``Chronicle/timeToRecover(_:)``.
  package var timeToRecover: Duration?
  /// Attempts sent to a server that could not answer; `nil` where there was none.
  package var sentToDeadServer: Int?
  /// A figure of this scenario alone.
  package var remark: String?
  /// What is against the promise, beyond lost runs and other pictures.
  package var problems: [String] = []

  /// All that must not have happened.
  package var faults: [String] { self.tally.problems + self.problems }

  init(title: String = "", tally: RunTally = RunTally()) {
    self.title = title
    self.tally = tally
  }

  init(_ outcome: Trial.Outcome) {
    self.title = ""
    self.tally = outcome.tally
    guard let disturbance = outcome.disturbance else { return }
    self.timeToNotice = outcome.chronicle.timeToNotice(disturbance)
    self.timeToRecover = outcome.chronicle.timeToRecover(disturbance)
    self.sentToDeadServer = outcome.chronicle.attemptsSent(to: disturbance)
  }
}

extension ScenarioResult {
  /// The head of the table in Markdown.
  package static let tableHead = """
    | | runs | finished | identical | noticed after | went on after | sent to a dead server | |
    |---|---:|---:|---:|---:|---:|---:|---|
    """

  /// The line of the table in Markdown.
  package var tableRow: String {
    let cells = [
      self.title, "\(self.tally.started)", "\(self.tally.finished)", "\(self.tally.identical)",
      self.timeToNotice.map(inWords) ?? "–", self.timeToRecover.map(inWords) ?? "–",
      self.sentToDeadServer.map(String.init) ?? "–", self.remark ?? "",
    ]
    return "| \(cells.joined(separator: " | ")) |"
  }
}

/// A duration as a person reads it: milliseconds below a second, else seconds with two decimals.
package func inWords(_ duration: Duration) -> String {
  let milliseconds = Int((duration / .milliseconds(1)).rounded())
  guard abs(milliseconds) >= 1_000 else { return "\(milliseconds) ms" }
  let hundredths = (milliseconds + 5) / 10
  let fraction = hundredths % 100
  return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction) s"
}
