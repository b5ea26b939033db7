// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import TritonClient

/// What a user is told about connections: a value that is given events and answers with lines.
struct ConnectionNotes: Sendable {
  /// A line for the user.
  struct Line: Hashable, Sendable {
    var text: String
    var isWarning = false
  }

  private var known: [String]
  private var away: Set<String> = []
  private var connected: Set<String> = []
  /// What the server on demand is, once it was asked for.
  private var fallbackName: String?

  /// Nothing has happened yet to the servers of these addresses.
  init(urls: [String]) {
    // A name stands for servers that are known once they are heard of.
    known = urls.filter { !$0.hasPrefix("dns:") }
  }

  /// What to tell of an event; nil where the user need not know.
  mutating func line(for event: ConnectionEvent) -> Line? {
    let server = event.endpoint
    switch event.state {
    case .fallbackStarting:
      fallbackName = server
      return Line(text: "no server is left: starting \(server)")
    case .fallbackReady:
      let name = fallbackName.flatMap { $0 == server ? nil : "\($0), " } ?? ""
      return Line(text: "going on with \(name)\(server)")
    case .fallbackFailed:
      return Line(text: "no server is left, and \(server) cannot be started\(reason(event))", isWarning: true)
    case .fallbackLeft:
      return Line(text: "going on with \(server)" + (fallbackName.map { ", no longer with \($0)" } ?? ""))
    default: break
    }
    if !known.contains(server) { known.append(server) }
    switch event.state {
    case .ready, .returned:
      connected.insert(server)
      return away.remove(server) == nil ? nil : Line(text: "\(server) is back")
    case .lost, .ejected:
      guard away.insert(server).inserted else { return nil }
      let what =
        event.state == .ejected
        ? "\(server) does not answer"
        : connected.contains(server) ? "lost \(server)" : "cannot reach \(server)"
      let place = known.contains { !away.contains($0) } ? ", going on with \(others(than: server))" : ""
      return Line(text: what + reason(event) + place)
    default: return nil
    }
  }

  private func reason(_ event: ConnectionEvent) -> String {
    event.reason.map { " (\($0))" } ?? ""
  }

  /// The servers that calls go to.
  private func others(than server: String) -> String {
    let names = known.filter { $0 != server && !away.contains($0) }
    return names.isEmpty ? "the others" : names.joined(separator: ", ")
  }
}
