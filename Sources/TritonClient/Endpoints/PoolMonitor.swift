// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import InferenceProtos
import SwiftProtobuf

/// The work in the background of a client with several places to go: asks servers for their health, and names for
/// their addresses.
struct PoolMonitor {
  /// Time between two looks at the addresses of a name.
  private static let nameInterval = Duration.seconds(30)

  /// Starts to watch a pool, which is not kept for that, until the task is cancelled.
  static func start(_ pool: ServerPool) -> Task<Void, Never> {
    let interval = pool.configuration.healthCheck?.recoveryInterval ?? .seconds(1)
    return Task.detached { [weak pool] in
      var monitor = PoolMonitor()
      while !Task.isCancelled {
        guard let pool else { return }
        await monitor.look(at: pool)
        try? await Task.sleep(for: interval)
      }
    }
  }

  private var lastChecks: [Int: MonotonicInstant] = [:]
  /// The servers that failed their last check: those are asked again soon, too.
  private var failing: Set<Int> = []
  private var lastResolution = MonotonicInstant.now

  private mutating func look(at pool: ServerPool) async {
    guard let check = pool.configuration.healthCheck else { return }
    await self.resolveNamesIfDue(of: pool, check: check)
    await pool.stopIdleFallback()
    let now = MonotonicInstant.now
    let endpoints = pool.endpoints
    let due = endpoints.filter { endpoint in
      guard let last = self.lastChecks[endpoint.id], !self.failing.contains(endpoint.id),
        !pool.isSuspect(endpoint)
      else { return true }
      return now - last >= check.interval
    }
    self.lastChecks = self.lastChecks.filter { id, _ in endpoints.contains { $0.id == id } }
    for endpoint in due { self.lastChecks[endpoint.id] = now }
    self.failing = await withTaskGroup(of: Int?.self) { group in
      for endpoint in due {
        group.addTask {
          let problem = await PoolMonitor.problem(with: endpoint, check: check, of: pool)
          if !Task.isCancelled { pool.recordHealth(endpoint, problem: problem) }
          return problem == nil ? nil : endpoint.id
        }
      }
      return await group.reduce(into: []) { failing, id in if let id { failing.insert(id) } }
    }
  }

  /// Names may lead elsewhere by now; all the more when a server does not answer.
  private mutating func resolveNamesIfDue(of pool: ServerPool, check: HealthCheck) async {
    guard pool.addresses.contains(where: \.isName) else { return }
    let now = MonotonicInstant.now
    let hasSuspect = pool.endpoints.contains(where: pool.isSuspect)
    guard hasSuspect || now - self.lastResolution >= PoolMonitor.nameInterval else { return }
    self.lastResolution = now
    // A name that cannot be looked up now leaves the servers that are known.
    try? await pool.resolveNames(before: now + check.timeout)
  }

  /// What is wrong with a server; `nil` when nothing is.
  private static func problem(with endpoint: Endpoint, check: HealthCheck, of pool: ServerPool) async
    -> String?
  {
    // gRPC's own pause between two attempts to connect may be longer than the one here.
    if pool.isSuspect(endpoint) { endpoint.channel.connect() }
    do {
      let isReady: Bool
      if let model = check.model {
        var request = Inference_ModelReadyRequest()
        request.name = model
        isReady = try await ask(
          endpoint, .modelReady, request, Inference_ModelReadyResponse.self, check, of: pool
        ).ready
      } else {
        isReady = try await ask(
          endpoint, .serverReady, Inference_ServerReadyRequest(), Inference_ServerReadyResponse.self, check,
          of: pool
        ).ready
      }
      return isReady ? nil : "it says that it is not ready"
    } catch {
      return "\(error)"
    }
  }

  private static func ask<Request: Message, Response: Message>(
    _ endpoint: Endpoint,
    _ method: RPCMethod,
    _ request: Request,
    _ response: Response.Type,
    _ check: HealthCheck,
    of pool: ServerPool
  ) async throws -> Response {
    let description = CallDescription(
      method: method,
      headers: try Headers(pool.configuration.headers),
      timeout: check.timeout,
      compression: .none
    )
    // Not by way of the endpoint: a check is not one of the calls that it decides about.
    let message = OutgoingMessage(bytes: try request.serializedBytes())
    switch try await endpoint.channel.unary(description, message: message) {
    case .success(let received): return try Response(serializedBytes: received.contiguousBytes)
    case .failure(let failed): throw HealthProblem(status: failed.status)
    }
  }
}

/// How a health check failed.
private struct HealthProblem: Error, CustomStringConvertible {
  let status: RPCStatus

  var description: String {
    self.status.message.isEmpty ? "\(self.status.code)" : "\(self.status.code): \(self.status.message)"
  }
}
