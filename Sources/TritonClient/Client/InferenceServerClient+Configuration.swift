// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

public import CoreMetrics
public import Logging
public import Tracing

extension InferenceServerClient {
  /// What holds for all calls of a client.
  public struct Configuration: Sendable {
    /// Time for a call, all attempts and pauses included. 30 seconds unless set.
    public var timeout: Duration

    /// Time for one attempt of a call. When it is over, and the call's own time is not, another attempt is made if
    /// the policy allows it. No limit of its own unless set.
    public var attemptTimeout: Duration?

    /// Whether and when a call is sent again. Exponential backoff, four attempts, unless set.
    public var retry: RetryPolicy

    /// How many attempts beyond the first the calls to one server may make together. ``RetryBudget/defaults`` unless
    /// set.
    public var retryBudget: RetryBudget

    /// When calls to a server that fails are no longer sent. ``CircuitBreaker/defaults`` unless set.
    public var circuitBreaker: CircuitBreaker

    /// When a second server is asked because the first takes long; never unless set. Both may compute then: a
    /// request that must not be computed twice is not to be hedged, and those of a sequence never are.
    public var hedging: HedgingPolicy?

    /// Which of several servers a call goes to. The one with the fewest calls in flight unless set.
    public var loadBalancing: LoadBalancing

    /// How servers are watched in the background, where there is more than one place to go; `nil` for not at all.
    /// ``HealthCheck/defaults`` unless set.
    public var healthCheck: HealthCheck?

    /// How a connection shows that it is alive. Not at all unless set.
    public var keepalive: Keepalive?

    /// Told of each attempt when it has ended, on the task of the call: it should return soon.
    public var onAttempt: (@Sendable (AttemptReport) -> Void)?

    /// Longest time for one attempt to connect. 5 seconds unless set.
    public var connectTimeout: Duration

    /// How requests are compressed. Not at all unless set.
    public var compression: Compression

    /// Headers sent with every call.
    public var headers: [String: String]

    /// Most calls in flight at a time; those beyond wait in the order in which they came, within their timeout.
    /// No limit unless set. Streams do not count.
    public var maximumCallsInFlight: Int?

    /// Largest answer that is taken, in bytes. 2 GiB, the most that gRPC can carry, unless set.
    public var maximumResponseByteCount: Int

    /// Whether requests are compared with the model's signature before they are sent. On unless set: the
    /// signature is fetched once for each model.
    public var validatesRequests: Bool

    /// Where calls are logged; nowhere unless set. Retries are warnings, each call is logged at `debug`, each
    /// attempt at `trace`. Values of headers are never logged.
    public var logger: Logger?

    /// Where calls, bytes and latencies are counted; `nil` for the system that the application bootstrapped
    /// before it made the client. `NOOPMetricsHandler.instance` counts nothing.
    public var metrics: (any MetricsFactory)?

    /// What makes a span of each call; `nil` for the system that the application bootstrapped before it made
    /// the client. `NoOpTracer()` makes none.
    public var tracer: (any Tracer)?

    /// Whether calls look at when a request had left and when its answer began to come, for ``CallTiming``. That
    /// takes three operations of gRPC's in the place of one, and more changes of threads. Off unless set.
    public var timesTransfers: Bool

    /// Whose thread waits for the server. ``InferenceExecutor/shared`` unless set.
    public var executor: InferenceExecutor

    /// Every field as described there.
    public static let defaults = Configuration()

    /// A configuration.
    public init(
      timeout: Duration = .seconds(30),
      attemptTimeout: Duration? = nil,
      retry: RetryPolicy = .exponentialBackoff(),
      retryBudget: RetryBudget = .defaults,
      circuitBreaker: CircuitBreaker = .defaults,
      hedging: HedgingPolicy? = nil,
      loadBalancing: LoadBalancing = .leastOutstanding,
      healthCheck: HealthCheck? = .defaults,
      keepalive: Keepalive? = nil,
      onAttempt: (@Sendable (AttemptReport) -> Void)? = nil,
      connectTimeout: Duration = .seconds(5),
      compression: Compression = .none,
      headers: [String: String] = [:],
      maximumCallsInFlight: Int? = nil,
      maximumResponseByteCount: Int = Int(Int32.max),
      validatesRequests: Bool = true,
      logger: Logger? = nil,
      metrics: (any MetricsFactory)? = nil,
      tracer: (any Tracer)? = nil,
      timesTransfers: Bool = false,
      executor: InferenceExecutor = .shared
    ) {
      self.timeout = timeout
      self.attemptTimeout = attemptTimeout
      self.retry = retry
      self.retryBudget = retryBudget
      self.circuitBreaker = circuitBreaker
      self.hedging = hedging
      self.loadBalancing = loadBalancing
      self.healthCheck = healthCheck
      self.keepalive = keepalive
      self.onAttempt = onAttempt
      self.connectTimeout = connectTimeout
      self.compression = compression
      self.headers = headers
      self.maximumCallsInFlight = maximumCallsInFlight
      self.maximumResponseByteCount = maximumResponseByteCount
      self.validatesRequests = validatesRequests
      self.logger = logger
      self.metrics = metrics
      self.tracer = tracer
      self.timesTransfers = timesTransfers
      self.executor = executor
    }
  }
}
