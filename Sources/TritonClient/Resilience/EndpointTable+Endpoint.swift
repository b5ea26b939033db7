// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

extension EndpointTable {
  /// What is known of a server.
  package struct Endpoint: Sendable {
    /// Its number in the table.
    package let id: Int

    /// Its address.
    package let key: String

    /// 0 for those that are asked first, 1 for the one that stands in for them.
    package let tier: Int

    /// Calls in flight.
    package private(set) var outstanding = 0

    /// Whether it failed its health checks and has not passed one since.
    package private(set) var isEjected = false

    /// How long its latest answers took.
    package private(set) var latencies = LatencyWindow()

    /// Which of all calls was the last that it was sent.
    private(set) var turn = 0

    private var breaker: CircuitBreaker.State
    private var budget: RetryBudget.Balance
    private var failedCheckCount = 0

    /// Breakers of the models that were not ready: none as a rule, few otherwise.
    private var models: [ModelBreaker] = []

    private struct ModelBreaker: Sendable {
      let model: String
      var breaker: CircuitBreaker.State
    }

    init(id: Int, key: String, tier: Int, settings: Settings, at now: MonotonicInstant) {
      self.id = id
      self.key = key
      self.tier = tier
      self.breaker = CircuitBreaker.State(settings.breaker)
      self.budget = RetryBudget.Balance(settings.budget, at: now)
    }

    // MARK: Calls

    /// Whether a model was not ready and has not answered since.
    var hasModelBreakers: Bool { !self.models.isEmpty }

    /// What the server's breaker says, whatever model a call is for.
    package func admission(at now: MonotonicInstant) -> CircuitBreaker.Admission {
      self.breaker.wouldAdmit(at: now)
    }

    /// What the breakers of the server and of a model on it say together.
    package func admission(of model: String?, at now: MonotonicInstant) -> CircuitBreaker.Admission {
      let own = self.breaker.wouldAdmit(at: now)
      guard let index = self.index(of: model) else { return own }
      let models = self.models[index].breaker.wouldAdmit(at: now)
      switch (own, models) {
      case (.refused(let one), .refused(let other)): return .refused(until: max(one, other))
      case (.refused, _), (_, .allowed): return own
      case (_, .refused), (.allowed, _): return models
      case (.probe, .probe): return .probe
      }
    }

    /// Counts a call that ``admission(of:at:)`` let through; whether it is a probe.
    mutating func begin(model: String?, turn: Int, at now: MonotonicInstant) -> Bool {
      self.outstanding += 1
      self.turn = turn
      let isProbe = self.breaker.admit(at: now) == .probe
      guard let index = self.index(of: model) else { return isProbe }
      return self.models[index].breaker.admit(at: now) == .probe || isProbe
    }

    /// Notes how a call ended.
    mutating func finish(
      model: String?,
      verdict: AttemptVerdict,
      latency: Duration?,
      settings: Settings,
      at now: MonotonicInstant
    ) {
      self.outstanding = max(self.outstanding - 1, 0)
      let index = self.index(of: model)
      switch verdict {
      case .success:
        self.breaker.recordSuccess()
        self.budget.deposit(at: now)
        if let latency { self.latencies.record(latency) }
        if let index { self.models.remove(at: index) }
      case .modelFailure:
        // The server itself answered.
        self.breaker.recordSuccess()
        guard let model, !settings.breaker.isDisabled else { return }
        if index == nil {
          self.models.append(ModelBreaker(model: model, breaker: CircuitBreaker.State(settings.breaker)))
        }
        self.models[index ?? self.models.count - 1].breaker.recordFailure(at: now)
      case .endpointFailure:
        self.breaker.recordFailure(at: now)
        if let index { self.models[index].breaker.abandonProbe() }
      case .neutral:
        self.breaker.abandonProbe()
        if let index { self.models[index].breaker.abandonProbe() }
      }
    }

    private func index(of model: String?) -> Int? {
      guard let model, !self.models.isEmpty else { return nil }
      return self.models.firstIndex { $0.model == model }
    }

    // MARK: The rest

    /// Whether it is ejected, or its breaker is not closed.
    func isSuspect(at now: MonotonicInstant) -> Bool {
      self.isEjected || self.breaker.phase(at: now) != .closed
    }

    /// Takes a token for a retry or a hedge; `false` if there is none.
    mutating func withdrawRetry(at now: MonotonicInstant) -> Bool {
      self.budget.withdraw(at: now)
    }

    /// Notes the result of a health check.
    mutating func recordHealth(isHealthy: Bool, settings: Settings) -> HealthChange? {
      guard isHealthy else {
        self.failedCheckCount += 1
        guard !self.isEjected, self.failedCheckCount >= settings.unhealthyAfter else { return nil }
        self.isEjected = true
        return .ejected
      }
      self.failedCheckCount = 0
      self.breaker.recordSuccess()
      guard self.isEjected else { return nil }
      self.isEjected = false
      // It may have been started anew: what its models were says nothing now.
      self.models = []
      return .returned
    }
  }
}
