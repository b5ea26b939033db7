// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation

/// One line of the supervisor's report; its program text says which event carries which facts.
struct SupervisorEvent: Decodable, Sendable {
  /// One entry of the server's repository index.
  struct Model: Decodable, Sendable {
    let name: String
    let state: String?
    let reason: String?
  }

  let event: String
  let pid: Int32?
  let supervisor: Int32?
  let log: String?
  let http: Int?
  let grpc: Int?
  let metrics: Int?
  let models: [Model]?
  let reason: String?
  let status: Int32?
  let signal: Int32?

  /// The event in a line, or nil if the line is something else.
  init?(line: String) {
    guard let event = try? JSONDecoder().decode(SupervisorEvent.self, from: Data(line.utf8)) else {
      return nil
    }
    self = event
  }

  /// The running server, if the event tells of one.
  var server: RunningServer? {
    guard let pid, let supervisor, let log, let http, let grpc, let metrics else { return nil }
    return RunningServer(
      processID: pid, supervisorProcessID: supervisor, logFile: log, httpPort: http, grpcPort: grpc,
      metricsPort: metrics)
  }

  /// How the server ended, in words.
  var ending: String {
    if let signal { return "was killed by signal \(signal)" }
    return "exited with status \(self.status ?? 0)"
  }

  /// The models without any version that is ready, with the reason that the server gives.
  static func failedModels(_ models: [Model]) -> [String: String] {
    let ready = Set(models.filter { $0.state == "READY" }.map(\.name))
    var failed: [String: String] = [:]
    for model in models where !ready.contains(model.name) {
      failed[model.name] = Self.tidied(model.reason ?? "no reason given")
    }
    return failed
  }

  /// A reason without the Python traceback that the backend adds, in one line.
  private static func tidied(_ reason: String) -> String {
    let text = reason.range(of: "\n\nAt:\n").map { reason[..<$0.lowerBound] } ?? reason[...]
    return text.split(whereSeparator: \.isNewline).joined(separator: " ")
      .replacingOccurrences(of: "Internal: TritonModelException: ", with: "")
  }
}

/// Where a server listens and which processes it consists of.
struct RunningServer: Sendable {
  let processID: Int32
  let supervisorProcessID: Int32
  let logFile: String
  let httpPort: Int
  let grpcPort: Int
  let metricsPort: Int
}
