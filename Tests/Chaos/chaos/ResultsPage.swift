// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import ChaosScenarios
import Foundation

/// The page of docs/chaos.md.
func resultsPage(_ results: [ScenarioResult], _ report: SeededRuns.Report, seed: UInt64) -> String {
  let faults = results.flatMap { result in result.faults.map { "* \(result.title): \($0)" } }
  let problems = report.tally.problems.map { "* \($0)" }
  return """
    # What servers may do to a run

    Written by `scripts/chaos --write`; do not edit. Measured on \(ProcessInfo.processInfo.activeProcessorCount) \
    processors, which the servers, the client and the faults share.

    Two real Tritons on this machine stand behind a TCP proxy of the tests' own, so that their addresses stay when they
    are killed and started again. A run is `Workflow.textToImage` with the model of `models/shapes`: 64 × 64 pixels in
    20 steps, each a round trip. Its picture is compared, byte by byte, with that of an undisturbed run. The servers do
    not join requests to batches: sums in a batch of another size round differently, whatever the client does.

    ## Scenarios

    A fault begins in the middle of a run, while another is under way. *Noticed after*: from then until an attempt had
    failed or the client had told of the loss. *Went on after*: from then until the last of the runs under way had made
    its next step; with one server, from when it took requests again until a step was made. *Sent to a dead server*:
    attempts between the fault's beginning and its end.

    \(ScenarioResult.tableHead)
    \(results.map(\.tableRow).joined(separator: "\n"))
    \(faults.isEmpty ? "" : "\nAgainst the promise:\n\n\(faults.joined(separator: "\n"))\n")
    ## Faults drawn from a seed

    `scripts/chaos runs --count \(report.tally.started) --seed \(seed)`

    \(report.summary)
    \(problems.isEmpty ? "" : "\nAgainst the promise:\n\n\(problems.joined(separator: "\n"))\n")
    """
}

extension SeededRuns.Report {
  /// The figures in a few sentences.
  var summary: String {
    let kinds = self.faults.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.value) × \($0.key)" }
    let crashes =
      self.crashes == 0
      ? "" : " Beside these a Triton died by itself \(self.crashes) times, and was started again."
    return """
      \(self.tally.started) runs, \(self.tally.finished) finished, \(self.tally.identical) identical, in \
      \(inWords(self.elapsed)); the longest took \(inWords(self.longestRun)). \(self.faultCount) faults: \
      \(kinds.joined(separator: ", ")).\(crashes) Of \(self.attempts) calls sent \(self.failedAttempts) failed, and were made \
      again.
      """
  }

  /// Whether all runs made the picture that they should.
  func isFaultless(count: Int) -> Bool {
    self.tally.problems.isEmpty && self.tally.identical == count
  }
}
