// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// The servers of a client, what is known of each, and which of them a call goes to: a value, without clock and
/// network.
///
/// A server is known by a number that it is given when it is added; numbers grow and are never used again. A call
/// is counted where ``choose(model:sequence:excluding:at:)`` sends it until
/// ``finish(id:model:verdict:latency:at:)`` says how it ended.
package struct EndpointTable: Sendable {
  /// What the table goes by.
  package struct Settings: Sendable {
    /// Which of several usable servers a call goes to.
    package var loadBalancing: LoadBalancing

    /// When calls to a server that fails are no longer sent.
    package var breaker: CircuitBreaker

    /// How many retries and hedges a server may be sent.
    package var budget: RetryBudget

    /// Health checks in a row that fail before a server is ejected.
    package var unhealthyAfter: Int

    /// Whether a call is what finds out that a server is back. `false` where health checks do: a server whose
    /// breaker is not closed is then chosen only when no other is left.
    package var probesWithCalls: Bool

    package init(
      loadBalancing: LoadBalancing = .leastOutstanding,
      breaker: CircuitBreaker = .defaults,
      budget: RetryBudget = .defaults,
      unhealthyAfter: Int = 2,
      probesWithCalls: Bool = true
    ) {
      self.loadBalancing = loadBalancing
      self.breaker = breaker
      self.budget = budget
      self.unhealthyAfter = max(unhealthyAfter, 1)
      self.probesWithCalls = probesWithCalls
    }
  }

  let settings: Settings

  /// The servers in the order in which they were added.
  package internal(set) var endpoints: [Endpoint] = []

  /// Where sequences are.
  var pins = SequencePins()

  /// Calls sent so far.
  var turn = 0

  private var lastID = 0

  /// A table without servers.
  package init(_ settings: Settings) {
    self.settings = settings
  }

  /// Adds a server.
  ///
  /// - Parameters:
  ///   - key: its address.
  ///   - tier: 0 for those that are asked first, 1 for the one that stands in for them.
  /// - Returns: its number.
  package mutating func add(key: String, tier: Int, at now: MonotonicInstant) -> Int {
    self.lastID += 1
    self.endpoints.append(Endpoint(id: self.lastID, key: key, tier: tier, settings: self.settings, at: now))
    return self.lastID
  }

  /// Removes a server. What is in flight there may end later, and is ignored then; the sequences that are pinned to
  /// it are refused until they start anew.
  package mutating func remove(id: Int) {
    self.endpoints.removeAll { $0.id == id }
  }

  /// Has the servers of a tier be those with these addresses; what is known of those that stay is kept.
  package mutating func update(
    tier: Int,
    keys: [String],
    at now: MonotonicInstant
  ) -> (added: [(id: Int, key: String)], removed: [Int]) {
    let removed = self.endpoints.filter { $0.tier == tier && !keys.contains($0.key) }.map(\.id)
    self.endpoints.removeAll { removed.contains($0.id) }
    var added: [(id: Int, key: String)] = []
    for key in keys where !self.endpoints.contains(where: { $0.tier == tier && $0.key == key }) {
      added.append((self.add(key: key, tier: tier, at: now), key))
    }
    return (added, removed)
  }

  func index(of id: Int) -> Int? {
    // Not with a closure, which would be handed a copy of each.
    for index in self.endpoints.indices where self.endpoints[index].id == id { return index }
    return nil
  }
}
