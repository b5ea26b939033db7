// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Synchronization

/// The servers of a client, and which of them a call goes to.
///
/// What is known of them is the value ``EndpointTable``; here are their connections, and the work in the
/// background that keeps both up to date (``PoolMonitor``).
final class ServerPool: Sendable {
  private struct State {
    var table: EndpointTable
    var endpoints: [Endpoint] = []
    var isClosed = false
    var areNamesResolved: Bool
    var fallback = FallbackState()
    var monitor: Task<Void, Never>?
    private var probeCount = 0

    init(table: EndpointTable, areNamesResolved: Bool) {
      self.table = table
      self.areNamesResolved = areNamesResolved
    }

    /// Servers take turns to be asked whether they are back, whatever is known of them.
    mutating func nextToProbe() -> Endpoint? {
      let endpoints = self.endpoints.filter { $0.tier == 0 }
      guard !endpoints.isEmpty else { return nil }
      self.probeCount += 1
      return endpoints[self.probeCount % endpoints.count]
    }
  }

  /// What the client was given.
  let addresses: [ServerAddress]

  /// Where calls go when no other server is left.
  let fallback: (any OnDemandServer)?

  /// Who listens to what becomes of the connections.
  let hub = ConnectionEventHub()

  let configuration: InferenceServerClient.Configuration
  private let resolver: any HostResolver
  private let state: Mutex<State>
  private let resolution = SharedWork<Void>()
  private let fallbackStart = SharedWork<Void>()

  /// - Throws: ``InferenceError`` when gRPC can make no channel.
  init(
    _ addresses: [ServerAddress],
    fallback: (any OnDemandServer)?,
    configuration: InferenceServerClient.Configuration,
    resolver: any HostResolver
  ) throws {
    self.addresses = addresses
    self.fallback = fallback
    self.configuration = configuration
    self.resolver = resolver
    let hasNames = addresses.contains(where: \.isName)
    let isMonitored = configuration.healthCheck != nil && (addresses.count > 1 || hasNames || fallback != nil)
    let settings = EndpointTable.Settings(
      loadBalancing: configuration.loadBalancing,
      breaker: configuration.circuitBreaker,
      budget: configuration.retryBudget,
      unhealthyAfter: configuration.healthCheck?.unhealthyAfter ?? 1,
      probesWithCalls: !isMonitored
    )
    self.isMonitored = isMonitored
    self.state = Mutex(State(table: EndpointTable(settings), areNamesResolved: !hasNames))
    if !hasNames { try self.setServers(addresses, tier: 0) }
  }

  /// Whether servers are asked for their health in the background.
  let isMonitored: Bool

  deinit {
    let monitor = self.state.withLock { $0.monitor }
    monitor?.cancel()
    self.hub.end()
  }

  /// The addresses as a person reads them.
  var url: String { self.addresses.map(\.url).joined(separator: ", ") }

  /// Refuses further calls. Those that run keep their connections until they end.
  func close() {
    let (monitor, isRunning) = self.state.withLock { state in
      state.isClosed = true
      state.endpoints = []
      return (state.monitor.take(), state.fallback.stop())
    }
    monitor?.cancel()
    self.hub.end()
    if isRunning, let fallback = self.fallback { Task { await fallback.stop() } }
  }

  // MARK: Calls

  /// Chooses where a call goes and counts it as outstanding there; ``finish(_:subject:verdict:latency:)`` must follow.
  ///
  /// - Parameters:
  ///   - excluding: servers that failed in this call: taken again only when there is no other.
  ///   - deadline: the call's; for looking up names and starting a server.
  /// - Throws: ``InferenceError``: `closed`; `unavailable` with ``InferenceError/retryAfter`` when no server is to be
  ///   asked now.
  func pick(
    for subject: CallSubject,
    excluding: Set<Int>,
    deadline: MonotonicInstant
  ) async throws -> Endpoint {
    if let pick = try self.pickIfAny(for: subject, excluding: excluding) { return pick }
    var problem: (any Error)?
    if !self.state.withLock({ $0.areNamesResolved }) {
      do {
        try await self.resolveNames(before: deadline)
        if let pick = try self.pickIfAny(for: subject, excluding: excluding) { return pick }
      } catch  where !(error is CancellationError) {
        problem = error
      }
    }
    if try await self.startFallback(before: deadline),
      let pick = try self.pickIfAny(for: subject, excluding: excluding)
    {
      return pick
    }
    throw problem ?? self.refusal(of: subject)
  }

  /// As ``pick(for:excluding:deadline:)`` where nothing has to be waited for; `nil` where something has, or no
  /// server is to be asked.
  func pickIfAny(for subject: CallSubject, excluding: Set<Int>) throws -> Endpoint? {
    let now = MonotonicInstant.now
    let (choice, isClosed) = self.state.withLock { state -> (Endpoint?, Bool) in
      if state.isClosed { return (nil, true) }
      self.beginMonitoring(&state)
      if subject.isProbe {
        let endpoint = state.nextToProbe()
        endpoint?.channel.connect()
        return (endpoint, false)
      }
      let choice = state.table.choose(
        model: subject.model,
        sequence: subject.sequence,
        excluding: excluding,
        at: now
      )
      guard case .endpoint(let id, _) = choice else { return (nil, false) }
      return (state.endpoints.first { $0.id == id }, false)
    }
    if isClosed {
      throw InferenceError(
        code: .closed,
        message: "\(subject.method.name) failed: the client was closed",
        endpoint: self.url
      )
    }
    return choice
  }

  /// Ends what ``pick(for:excluding:deadline:)`` began.
  ///
  /// - Parameter latency: how long an answer took; `nil` where that says nothing about the server.
  func finish(
    _ endpoint: Endpoint,
    subject: CallSubject,
    verdict: AttemptVerdict,
    latency: Duration? = nil
  ) {
    if subject.isProbe {
      if verdict == .success { self.recordHealth(endpoint, problem: nil) }
      return
    }
    let now = MonotonicInstant.now
    let change = self.state.withLock { state in
      state.table.finish(id: endpoint.id, model: subject.model, verdict: verdict, latency: latency, at: now)
      return verdict == .success ? state.fallback.answered(tier: endpoint.tier, at: now) : nil
    }
    if let change { self.hub.send(ConnectionEvent(endpoint: endpoint.url, state: change)) }
  }

  /// Whether a server that failed in this call may be asked again; takes a token of its budget.
  func withdrawRetry(_ endpoint: Endpoint) -> Bool {
    self.state.withLock { $0.table.withdrawRetry(id: endpoint.id, at: .now) }
  }

  /// Whether a call could go to a server that is not among these.
  func hasAlternative(to failed: Set<Int>, model: String?) -> Bool {
    self.state.withLock { $0.table.hasAlternative(to: failed, model: model, at: .now) }
  }

  /// How long to wait for a server before another one is asked as well.
  func hedgeDelay(_ endpoint: Endpoint, policy: HedgingPolicy) -> Duration? {
    self.state.withLock { $0.table.hedgeDelay(id: endpoint.id, policy: policy) }
  }

  private func refusal(of subject: CallSubject) -> InferenceError {
    let now = MonotonicInstant.now
    let choice = self.state.withLock { state in
      state.table.refusal(model: subject.model, sequence: subject.sequence, at: now)
    }
    let retryAfter = choice.retryAt.map { max($0 - now, .zero) }
    let next = retryAfter.map { "; the next try is let through in \($0.roundedText)" } ?? ""
    let reason =
      choice.openBreakers.isEmpty
      ? "there is no server to ask"
      : "the last calls to \(choice.openBreakers.joined(separator: " and ")) failed"
    return InferenceError(
      code: .unavailable,
      message: "\(subject.method.name) was not sent: \(reason)\(next)",
      model: subject.model,
      endpoint: self.url,
      retryAfter: retryAfter
    )
  }

  // MARK: Servers

  /// The servers as they are now.
  var endpoints: [Endpoint] { self.state.withLock { $0.endpoints } }

  /// Whether a server is to be asked whether it is back.
  func isSuspect(_ endpoint: Endpoint) -> Bool {
    self.state.withLock { $0.table.isSuspect(id: endpoint.id, at: .now) }
  }

  /// Notes the result of a health check.
  func recordHealth(_ endpoint: Endpoint, problem: String?) {
    let change = self.state.withLock { state in
      state.table.recordHealth(id: endpoint.id, isHealthy: problem == nil, at: .now)
    }
    guard let change else { return }
    switch change {
    case .ejected:
      endpoint.calls?.abandonAll()
      self.hub.send(ConnectionEvent(endpoint: endpoint.url, state: .ejected, reason: problem))
    case .returned:
      self.hub.send(ConnectionEvent(endpoint: endpoint.url, state: .returned))
    }
  }

  /// Has the servers of a tier be those at these addresses; what is known of those that stay is kept.
  func setServers(_ addresses: [ServerAddress], tier: Int) throws {
    let known = self.state.withLock { $0.endpoints.map(\.url) }
    // Channels are made outside the lock; one that loses a race is dropped again.
    let channels = try addresses.filter { !known.contains($0.url) }.map { ($0, try self.makeChannel($0)) }
    let (added, removed) = self.state.withLock { state -> ([Endpoint], [Endpoint]) in
      guard !state.isClosed else { return ([], []) }
      let changes = state.table.update(tier: tier, keys: addresses.map(\.url), at: .now)
      let removed = state.endpoints.filter { changes.removed.contains($0.id) }
      state.endpoints.removeAll { changes.removed.contains($0.id) }
      let added = changes.added.compactMap { change in
        channels.first { $0.0.url == change.key }.map { address, channel in
          Endpoint(
            id: change.id, tier: tier, address: address, channel: channel, isMonitored: self.isMonitored)
        }
      }
      state.endpoints += added
      if tier == 0 { state.areNamesResolved = true }
      return (added, removed)
    }
    for endpoint in removed { self.hub.forget(endpoint.url) }
    if self.hub.hasListeners { for endpoint in added { endpoint.report(to: self.hub) } }
  }

  private func makeChannel(_ address: ServerAddress) throws -> GRPCChannel {
    try GRPCChannel(
      address: address,
      executor: self.configuration.executor,
      connectTimeout: self.configuration.connectTimeout,
      maximumResponseByteCount: self.configuration.maximumResponseByteCount,
      keepalive: self.configuration.keepalive
    )
  }

  // MARK: Names

  /// Looks up the names among the addresses. What was known stays when that fails.
  func resolveNames(before deadline: MonotonicInstant) async throws {
    try await self.resolution.run(before: deadline, called: "looking up \(self.url)") { [self] in
      var found: [ServerAddress] = []
      for address in self.addresses {
        guard address.isName else {
          found.append(address)
          continue
        }
        let hosts = try await self.resolver.addresses(of: address.host)
        found += try hosts.map { try ServerAddress(host: $0, port: address.port) }
      }
      try self.setServers(found, tier: 0)
    }
  }

  // MARK: The server on demand

  /// Starts the server on demand; `false` when there is none, or it did not start a moment ago.
  func startFallback(before deadline: MonotonicInstant) async throws -> Bool {
    guard let fallback = self.fallback else { return false }
    let mayStart = self.state.withLock { !$0.isClosed && $0.fallback.mayStart(at: .now) }
    guard mayStart else { return false }
    try await self.fallbackStart.run(before: deadline, called: "starting \(fallback.name)") { [self] in
      self.hub.send(ConnectionEvent(endpoint: fallback.name, state: .fallbackStarting))
      do {
        let address = try ServerAddress(try await fallback.start())
        let isClosed = self.state.withLock { state in
          if !state.isClosed { state.fallback.started() }
          return state.isClosed
        }
        // Nobody would stop it.
        if isClosed { await fallback.stop() }
        try self.setServers([address], tier: 1)
        self.hub.forget(fallback.name)
        self.hub.send(ConnectionEvent(endpoint: address.url, state: .fallbackReady))
      } catch {
        if !Task.isCancelled { self.state.withLock { $0.fallback.failed(at: .now) } }
        let event = ConnectionEvent(endpoint: fallback.name, state: .fallbackFailed, reason: "\(error)")
        self.hub.send(event)
        throw error
      }
    }
    return true
  }

  /// Stops the server on demand when the others have answered for a while.
  func stopIdleFallback() async {
    guard let fallback = self.fallback, self.state.withLock({ $0.fallback.stopIfIdle(at: .now) }) else {
      return
    }
    try? self.setServers([], tier: 1)
    await fallback.stop()
  }

  // MARK: The background

  /// Listens to the connections.
  func events() -> AsyncStream<ConnectionEvent> {
    let events = self.hub.events()
    for endpoint in self.endpoints { endpoint.report(to: self.hub) }
    return events
  }

  private func beginMonitoring(_ state: inout State) {
    guard self.isMonitored, state.monitor == nil else { return }
    state.monitor = PoolMonitor.start(self)
  }
}

extension Duration {
  /// With as many digits as somebody needs who waits.
  fileprivate var roundedText: String {
    self < .seconds(1)
      ? "\((self / .milliseconds(1)).rounded(.up).formatted) ms"
      : "\(((self / .milliseconds(100)).rounded(.up) / 10).formatted) s"
  }
}

extension Double {
  fileprivate var formatted: String {
    self == self.rounded() ? "\(Int(self))" : "\(self)"
  }
}
