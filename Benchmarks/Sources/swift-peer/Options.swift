// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// What the peer is told on its command line; the same for every peer, but for the variant.
struct Options {
  /// What was wrong with the command line.
  struct UsageError: Error, CustomStringConvertible {
    let description: String
  }

  static let usage = """
    usage: swift-peer --target HOST:PORT [--variant \(Variant.allCases.map(\.rawValue).joined(separator: "|"))] \
    [--payload BYTES (a multiple of 4)] [--in-flight N] [--warm-up S] [--seconds S | --calls N]
    """

  var target = ""
  var variant = Variant.request
  var payload = 64
  var inFlight = 1
  var warmUp = 0.1
  var seconds = 0.5
  /// Calls of each lane; 0 when the time decides.
  var calls = 0

  init(_ arguments: ArraySlice<String>) throws {
    var arguments = arguments
    while let name = arguments.popFirst() {
      guard let value = arguments.popFirst() else { throw UsageError(description: "\(name) has no value") }
      switch name {
      case "--target": self.target = value
      case "--variant": self.variant = try Self.parsed(Variant.init(rawValue:), name, value)
      case "--payload": self.payload = try Self.parsed(Int.init, name, value)
      case "--in-flight": self.inFlight = try Self.parsed(Int.init, name, value)
      case "--warm-up": self.warmUp = try Self.parsed(Double.init, name, value)
      case "--seconds": self.seconds = try Self.parsed(Double.init, name, value)
      case "--calls": self.calls = try Self.parsed(Int.init, name, value)
      default: throw UsageError(description: "unknown option \(name)")
      }
    }
    guard !self.target.isEmpty else { throw UsageError(description: "--target is missing") }
    guard self.payload >= 4, self.payload % 4 == 0, self.inFlight > 0, self.calls >= 0 else {
      throw UsageError(description: "a number is out of range")
    }
  }

  private static func parsed<Value>(
    _ parse: (String) -> Value?,
    _ name: String,
    _ value: String
  ) throws -> Value {
    guard let parsed = parse(value) else { throw UsageError(description: "\(name) cannot be \(value)") }
    return parsed
  }
}
