// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing
import TritonClient

@testable import remote_sample

@Suite("What is told about connections")
struct ConnectionNotesTests {
  private static let (a, b) = ("grpc://a:1", "grpc://b:1")

  /// The lines for events, "!" before a warning.
  private func lines(
    _ events: [(String, ConnectionEvent.State)], urls: [String] = [a, b], reason: String? = nil
  ) -> [String] {
    var notes = ConnectionNotes(urls: urls)
    return events.compactMap { endpoint, state in
      notes.line(for: ConnectionEvent(endpoint: endpoint, state: state, reason: reason))
    }.map { ($0.isWarning ? "!" : "") + $0.text }
  }

  @Test("Servers that are there are nothing to talk about")
  func quiet() {
    #expect(lines([(Self.a, .connecting), (Self.a, .ready), (Self.b, .ready), (Self.a, .connecting)]) == [])
  }

  @Test("A lost server is told once, with what takes over, and so is its return")
  func lost() {
    #expect(
      lines([
        (Self.a, .ready), (Self.a, .lost), (Self.a, .connecting), (Self.a, .lost), (Self.a, .ejected),
        (Self.a, .ready), (Self.a, .returned),
      ]) == ["lost grpc://a:1, going on with grpc://b:1", "grpc://a:1 is back"])
  }

  @Test("One that never was there cannot be reached; where none is left nothing is promised")
  func unreachable() {
    #expect(
      lines([(Self.a, .lost), (Self.b, .ready), (Self.b, .lost)], reason: "connection refused") == [
        "cannot reach grpc://a:1 (connection refused), going on with grpc://b:1",
        "lost grpc://b:1 (connection refused)",
      ])
  }

  @Test("A server that fails its checks")
  func ejected() {
    #expect(
      lines([(Self.a, .ready), (Self.a, .ejected), (Self.a, .returned)], reason: "no answer in 2 s") == [
        "grpc://a:1 does not answer (no answer in 2 s), going on with grpc://b:1", "grpc://a:1 is back",
      ])
  }

  @Test("A name's servers are known once they are heard of")
  func names() {
    #expect(
      lines(
        [("grpc://10.0.0.1:1", .ready), ("grpc://10.0.0.2:1", .ready), ("grpc://10.0.0.1:1", .lost)],
        urls: ["dns:///triton:1"]) == ["lost grpc://10.0.0.1:1, going on with grpc://10.0.0.2:1"])
  }

  @Test("The server on demand: why, where, and when it is left")
  func fallback() {
    let name = "a Triton on this machine"
    #expect(
      lines(
        [
          (Self.a, .ready), (Self.a, .lost), (name, .fallbackStarting),
          ("grpc://127.0.0.1:9", .fallbackReady),
          (Self.a, .ready), (Self.a, .fallbackLeft),
        ], urls: [Self.a]) == [
          "lost grpc://a:1", "no server is left: starting a Triton on this machine",
          "going on with a Triton on this machine, grpc://127.0.0.1:9", "grpc://a:1 is back",
          "going on with grpc://a:1, no longer with a Triton on this machine",
        ])
    #expect(
      lines(
        [(name, .fallbackStarting), (name, .fallbackFailed)], urls: [Self.a], reason: "run scripts/setup"
      )
      .last == "!no server is left, and a Triton on this machine cannot be started (run scripts/setup)")
  }
}
