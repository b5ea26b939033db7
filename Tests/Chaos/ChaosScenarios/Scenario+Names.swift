// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import TritonClient

/// Names that lead elsewhere after a while.
extension Scenario {
  static let ofNames = [
    Scenario("names", "a DNS name that changes, and its old address goes", play: change)
  ]

  /// The file that getaddrinfo(3) reads in this process: libnss_wrapper, which was loaded before the C library, says so.
  private static let hostsVariable = "NSS_WRAPPER_HOSTS"

  private static let name = "triton.chaos.test"

  /// The name leads to one address, then to another one alone, while the server of the first goes away: what a pod
  /// that moves looks like behind a headless service.
  @Sendable private static func change(_ stage: ChaosStage) async throws -> ScenarioResult {
    guard let path = ProcessInfo.processInfo.environment[Scenario.hostsVariable] else {
      throw StageFailure(
        description: """
          \(Scenario.hostsVariable) is not set: scripts/chaos sets it and loads libnss_wrapper, which has getaddrinfo \
          read that file
          """
      )
    }
    let hosts = URL(fileURLWithPath: path)
    // One port on two addresses: a name has no ports.
    let old = try await FaultProxy.open(
      stage.control,
      faults: ["upstream_port": .int(Int64(stage.first.proxy.port))]
    )
    let new = try await FaultProxy.open(
      stage.control,
      host: "127.0.0.2",
      port: old.port,
      faults: ["upstream_port": .int(Int64(stage.second.proxy.port))]
    )
    try Scenario.lead(to: [old], in: hosts)
    let trial = Trial(
      urls: ["dns:///\(Scenario.name):\(old.port)"],
      configuration: .patient,
      runs: stage.scale.runs
    )
    let outcome = try await trial.perform(stage.maker) {
      let begin = ContinuousClock.now
      try Scenario.lead(to: [new], in: hosts)
      try await old.change(listens: false, drops: true)
      let inForce = ContinuousClock.now
      try await Task.sleep(for: stage.scale.hold)
      return Chronicle.Disturbance(
        endpoint: old.url,
        begin: begin,
        inForce: inForce,
        end: .now,
        leavesOthers: true
      )
    }
    var result = ScenarioResult(outcome)
    let connections = (try await old.report().accepted, try await new.report().accepted)
    if connections.0 == 0 { result.problems.append("nobody connected to the old address") }
    if connections.1 == 0 { result.problems.append("nobody connected to the new address") }
    try await old.close()
    try await new.close()
    return result
  }

  /// Has the name lead to the addresses of some ports.
  private static func lead(to ports: [FaultProxy], in hosts: URL) throws {
    let lines = ports.map { "\($0.host) \(Scenario.name)\n" }
    try Data(lines.joined().utf8).write(to: hosts, options: .atomic)
  }
}

/// Why a scenario cannot be played.
struct StageFailure: Error, CustomStringConvertible {
  let description: String
}
