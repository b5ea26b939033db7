// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import TritonClient

/// Which servers a run uses.
enum ServerChoice: Hashable, Sendable {
  /// Some that run already: their addresses, and who named them.
  case running(urls: [String], origin: String)
  /// One to be started on this machine.
  case local

  /// Names the servers for processes that get no `--url`.
  static let variable = "TRITON_URL"
  /// Where Triton listens unless told otherwise.
  static let usual = "grpc://localhost:8001"
  /// How long that place is given to answer.
  private static let probeTime = Duration.seconds(1)

  /// What was asked for outright, or nil where it has to be found out.
  static func asked(
    options: [String], startsLocal: Bool = false, variables: [String: String]
  ) -> ServerChoice? {
    if startsLocal { return .local }
    if !options.isEmpty { return .running(urls: options.flatMap(addresses(in:)), origin: "--url") }
    if let text = variables[variable], !text.isEmpty {
      return .running(urls: addresses(in: text), origin: variable)
    }
    return nil
  }

  /// The addresses of a list with commas. Empty ones are kept: to leave one out silently might hide a slip.
  private static func addresses(in text: String) -> [String] {
    text.split(separator: ",", omittingEmptySubsequences: false).map {
      $0.trimmingCharacters(in: .whitespaces)
    }
  }

  /// The server that was asked for, else the one on the usual port if it is ready, else a local one.
  static func make(
    _ options: ServerOptions, variables: [String: String], deadline: Deadline
  ) async throws -> ServerChoice {
    if let asked = asked(options: options.urls, startsLocal: options.local, variables: variables) {
      return asked
    }
    let client = try InferenceServerClient(usual)
    defer { client.close() }
    var options = Session.probe(within: min(probeTime, deadline.remaining))
    options.retry = .never
    let isReady = (try? await client.isServerReady(options: options)) ?? false
    try Task.checkCancellation()
    return isReady ? .running(urls: [usual], origin: "found running") : .local
  }
}
