// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

extension EndpointTable {
  /// Where a call goes.
  package enum Choice: Sendable, Hashable {
    /// To this server, where it counts as outstanding. A probe is to show that a server or a model which failed is
    /// back.
    case endpoint(id: Int, isProbe: Bool)

    /// Nowhere.
    case refused(Refusal)
  }

  /// Why a call goes nowhere.
  package struct Refusal: Sendable, Hashable {
    /// When the first breaker lets a call through; `nil` if there is no server that will.
    package var retryAt: MonotonicInstant?

    /// Addresses of the servers whose breakers refuse the call.
    package var openBreakers: [String] = []

    /// Addresses of the servers that are ejected.
    package var ejected: [String] = []

    package init() {}
  }

  /// How much a server is to be preferred: the least is.
  private struct Preference: Comparable {
    enum Standing: Int {
      /// Healthy, and its breaker lets the call through.
      case usable
      /// Its breaker would let a probe through, which is for a health check to make.
      case awaitsHealthCheck
      /// It failed its health checks.
      case ejected
      /// It failed its health checks and its breaker lets just a probe through.
      case ejectedAwaitsProbe
    }

    let standing: Standing
    let isExcluded: Bool
    let tier: Int
    let load: Int
    let turn: Int

    static func < (left: Preference, right: Preference) -> Bool {
      if left.standing != right.standing { return left.standing.rawValue < right.standing.rawValue }
      if left.isExcluded != right.isExcluded { return right.isExcluded }
      return (left.tier, left.load, left.turn) < (right.tier, right.load, right.turn)
    }
  }

  /// Chooses where a call goes and counts it as outstanding there.
  ///
  /// Of the servers whose breakers let the call through, those that are not ejected come first; among them those
  /// that have not failed in this call; among them those of the lowest tier; load balancing decides between these.
  /// Ejected servers are better than none: a health check may err.
  ///
  /// The first request of a sequence is placed like any call, and later ones go where it went or nowhere: the
  /// model's state is there. One whose beginning this table has not seen is placed among the servers of tier 0 by
  /// rendezvous hashing of the sequence's identifier, so that clients agree without talking.
  ///
  /// - Parameters:
  ///   - model: the model that the call is for.
  ///   - sequence: the request's place in a sequence.
  ///   - excluding: servers that failed in this call.
  package mutating func choose(
    model: String?,
    sequence: SequencePin?,
    excluding: Set<Int>,
    at now: MonotonicInstant
  ) -> Choice {
    let index: Int? =
      if let sequence, !sequence.isStart {
        self.index(of: sequence, model: model).flatMap { self.admits($0, model: model, at: now) ? $0 : nil }
      } else {
        self.preferredIndex(model: model, excluding: excluding, at: now)
      }
    guard let index else { return .refused(self.refusal(model: model, sequence: sequence, at: now)) }
    self.turn += 1
    let isProbe = self.endpoints[index].begin(model: model, turn: self.turn, at: now)
    let id = self.endpoints[index].id
    if let sequence {
      let key = SequencePins.Key(model: model, id: sequence.id)
      if sequence.isEnd { self.pins.remove(key) } else { self.pins.set(key, to: id) }
    }
    return .endpoint(id: id, isProbe: isProbe)
  }

  /// What a call that is refused now is told; nothing changes.
  package func refusal(model: String?, sequence: SequencePin?, at now: MonotonicInstant) -> Refusal {
    var refusal = Refusal()
    let isPlaced = sequence.map { !$0.isStart } ?? false
    let place = sequence.flatMap { isPlaced ? self.index(of: $0, model: model) : nil }
    for (index, endpoint) in self.endpoints.enumerated() where !isPlaced || index == place {
      var instant = now
      if case .refused(let until) = endpoint.admission(of: model, at: now) {
        refusal.openBreakers.append(endpoint.key)
        instant = until
      }
      if endpoint.isEjected { refusal.ejected.append(endpoint.key) }
      refusal.retryAt = min(refusal.retryAt ?? instant, instant)
    }
    return refusal
  }

  /// Whether a call could go to a server that is not among these, is not ejected and needs no probe.
  package func hasAlternative(to failed: Set<Int>, model: String?, at now: MonotonicInstant) -> Bool {
    self.endpoints.contains { endpoint in
      !failed.contains(endpoint.id) && !endpoint.isEjected
        && endpoint.admission(of: model, at: now) == .allowed
    }
  }

  private func preferredIndex(model: String?, excluding: Set<Int>, at now: MonotonicInstant) -> Int? {
    // The common case needs no comparison.
    if self.endpoints.count == 1 { return self.admits(0, model: model, at: now) ? 0 : nil }
    var best: (index: Int, preference: Preference)?
    for index in self.endpoints.indices {
      guard let standing = self.standing(of: index, model: model, at: now) else { continue }
      let isBusyCounted = self.settings.loadBalancing == .leastOutstanding
      let preference = Preference(
        standing: standing,
        isExcluded: excluding.contains(self.endpoints[index].id),
        tier: self.endpoints[index].tier,
        load: isBusyCounted ? self.endpoints[index].outstanding : 0,
        turn: self.endpoints[index].turn
      )
      if best.map({ preference < $0.preference }) ?? true { best = (index, preference) }
    }
    return best?.index
  }

  private func standing(of index: Int, model: String?, at now: MonotonicInstant) -> Preference.Standing? {
    guard self.admits(index, model: model, at: now) else { return nil }
    let isProbe = self.endpoints[index].admission(at: now) == .probe
    if self.endpoints[index].isEjected { return isProbe ? .ejectedAwaitsProbe : .ejected }
    return isProbe && !self.settings.probesWithCalls ? .awaitsHealthCheck : .usable
  }

  private func admits(_ index: Int, model: String?, at now: MonotonicInstant) -> Bool {
    // Where no model failed nothing is looked up, and the server's entry is not copied for that.
    let admission =
      self.endpoints[index].hasModelBreakers
      ? self.endpoints[index].admission(of: model, at: now) : self.endpoints[index].admission(at: now)
    if case .refused = admission { return false }
    return true
  }

  /// Where the requests of a sequence after its first one go; `nil` if the server is gone.
  private func index(of sequence: SequencePin, model: String?) -> Int? {
    if let id = self.pins.endpoint(of: SequencePins.Key(model: model, id: sequence.id)) {
      return self.index(of: id)
    }
    let keys = self.endpoints.filter { $0.tier == 0 }.map(\.key)
    let key = RendezvousHash.choose(for: sequence.id, among: keys)
    return self.endpoints.firstIndex { $0.tier == 0 && $0.key == key }
  }
}
