// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import ArgumentParser
import SoakWorkload

/// Makes very many calls and compares what the process holds with what it held after a warm-up.
///
/// The calls are made in twenty parts, and the process is looked at after each when nothing is under way. The first
/// two parts are the warm-up. At the end there may be no more file descriptors and threads than after it, those of
/// gRPC's and Dispatch's pools aside, and the median of the memory after the last five parts must be at most 1.05 times that
/// after the parts 6 to 10.
struct CallsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calls",
    abstract: "Makes calls of all kinds and fails if something is left of them."
  )

  @OptionGroup var server: ServerOptions

  @Option(help: "Calls to make.")
  var calls = 200_000

  @Option(help: "Where the random numbers begin.")
  var seed: UInt64 = 1

  @Option(help: "Makes calls of one kind only, to find out which of them leaves something.")
  var only: SoakKind?

  private static let parts = 20
  private static let warmUpParts = 2
  private static let growthLimit = 1.05

  func validate() throws {
    guard self.calls >= CallsCommand.parts else {
      throw ValidationError("--calls \(self.calls): at least \(CallsCommand.parts) are needed")
    }
  }

  func run() async throws {
    let workload = try SoakWorkload(url: self.server.url, kind: self.only)
    var tally = SoakTally()
    var usages: [ProcessUsage] = []
    let clock = ContinuousClock()
    let begin = clock.now
    print("     calls    calls/s  descriptors  threads  in pools  RSS MiB  of it spare")
    for part in 0..<CallsCommand.parts {
      let partBegin = clock.now
      let calls = self.calls * (part + 1) / CallsCommand.parts - self.calls * part / CallsCommand.parts
      let done = await workload.run(calls: calls, seed: self.seed &* 1_000 &+ UInt64(part))
      let rate = Double(done.calls) / ((clock.now - partBegin) / .seconds(1))
      tally.add(done)
      let isWarm = part >= CallsCommand.warmUpParts
      let usage = try await ProcessUsage.atRest(
        noMoreThan: isWarm ? usages[CallsCommand.warmUpParts - 1] : nil
      )
      usages.append(usage)
      print(
        row(
          [tally.calls.description, Int(rate).description, usage.fileDescriptors.description]
            + [usage.threads.description, usage.poolThreads.description]
            + [inMebibytes(usage.residentBytes), inMebibytes(usage.spareBytes)],
          widths: [10, 11, 13, 9, 10, 9, 13]
        )
      )
    }
    workload.close()
    let seconds = (clock.now - begin) / .seconds(1)
    print("\(tally.calls) calls in \(Int(seconds)) s, \(tally.streams) streams, \(tally.clients) clients:")
    for (outcome, count) in tally.outcomes.sorted(by: { $0.value > $1.value }) {
      print("  \(outcome): \(count)")
    }
    try self.judge(tally, usages)
  }

  private func judge(_ tally: SoakTally, _ usages: [ProcessUsage]) throws {
    var faults = tally.problems
    let warm = usages[CallsCommand.warmUpParts - 1]
    let last = usages[CallsCommand.parts - 1]
    if !last.isNoMore(than: warm) {
      faults.append(
        """
        \(last.fileDescriptors) descriptors and \(last.threads) threads at the end, \
        \(warm.fileDescriptors) and \(warm.threads) after the warm-up
        """
      )
    }
    let pooled = usages.map(\.poolThreads).max() ?? 0
    if pooled > ProcessUsage.poolThreadLimit {
      faults.append("the pools had \(pooled) threads, more than \(ProcessUsage.poolThreadLimit)")
    }
    let quarter = CallsCommand.parts / 4
    // What is kept for the next tensors has a bound of its own, which many sizes reach late.
    let memory = usages.map { $0.residentBytes - $0.spareBytes }
    let early = median(memory[quarter..<2 * quarter])
    let late = median(memory[(3 * quarter)...])
    let growth = Double(late) / Double(early)
    print(
      "median RSS but for spare memory: \(inMebibytes(early)) MiB in the second quarter, "
        + "\(inMebibytes(late)) MiB in the last"
    )
    if growth > CallsCommand.growthLimit {
      faults.append("the memory grew to \(growth) times what it was, more than \(CallsCommand.growthLimit)")
    }
    for fault in faults { print("FAULT: \(fault)") }
    guard faults.isEmpty else { throw ExitCode.failure }
    print("soak: no faults")
  }
}

extension SoakKind: ExpressibleByArgument {}

/// The middle one of an odd number of values.
private func median(_ values: ArraySlice<Int>) -> Int {
  values.sorted()[values.count / 2]
}

private func row(_ cells: [String], widths: [Int]) -> String {
  zip(cells, widths).map { cell, width in
    String(repeating: " ", count: max(width - cell.count, 0)) + cell
  }.joined()
}
