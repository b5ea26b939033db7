// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// Which server each sequence is at: a bounded dictionary that forgets what was not used for longest.
struct SequencePins: Sendable {
  /// The most sequences that are kept. Those that never end must not fill the memory.
  static let capacity = 10_000

  /// A sequence: models may use the same identifier.
  struct Key: Sendable, Hashable {
    let model: String?
    let id: String
  }

  private struct Pin: Sendable {
    let endpoint: Int
    let use: UInt64
  }

  private struct Use: Sendable {
    let key: Key
    let number: UInt64
  }

  private var pins: [Key: Pin] = [:]

  /// The uses in their order. Only the last one of each sequence counts.
  private var uses: [Use] = []
  private var firstUse = 0
  private var useCount: UInt64 = 0

  /// How many sequences are kept.
  var count: Int { self.pins.count }

  /// How many uses are kept: bounded by a multiple of the sequences.
  var keptUseCount: Int { self.uses.count }

  /// The number of the server that a sequence is at.
  func endpoint(of key: Key) -> Int? {
    self.pins[key]?.endpoint
  }

  /// Notes that a sequence is at a server, and was used.
  mutating func set(_ key: Key, to endpoint: Int) {
    self.useCount += 1
    self.pins[key] = Pin(endpoint: endpoint, use: self.useCount)
    self.uses.append(Use(key: key, number: self.useCount))
    while self.pins.count > SequencePins.capacity { self.dropOldest() }
    // Each compaction is paid for by as many uses as it looks at.
    if self.uses.count > 2 * self.pins.count + 64 { self.compact() }
  }

  /// Forgets a sequence.
  mutating func remove(_ key: Key) {
    self.pins[key] = nil
  }

  private mutating func dropOldest() {
    let oldest = self.uses[self.firstUse]
    self.firstUse += 1
    if self.pins[oldest.key]?.use == oldest.number { self.pins[oldest.key] = nil }
  }

  private mutating func compact() {
    self.uses = self.uses[self.firstUse...].filter { self.pins[$0.key]?.use == $0.number }
    self.firstUse = 0
  }
}

extension EndpointTable {
  /// A request's place in a sequence, as far as it decides where the request goes.
  package struct SequencePin: Sendable, Hashable {
    /// What tells one sequence of a model from others.
    package var id: String

    /// Whether it is the first request.
    package var isStart: Bool

    /// Whether it is the last request.
    package var isEnd: Bool

    package init(id: String, isStart: Bool = false, isEnd: Bool = false) {
      self.id = id
      self.isStart = isStart
      self.isEnd = isEnd
    }

    /// A number and a string of its digits are two identifiers.
    package init(_ membership: SequenceMembership) {
      let id =
        switch membership.id {
        case .integer(let number): "integer \(number)"
        case .string(let string): "string \(string)"
        }
      self.init(id: id, isStart: membership.isStart, isEnd: membership.isEnd)
    }
  }
}
