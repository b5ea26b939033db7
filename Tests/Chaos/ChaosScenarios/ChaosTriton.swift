// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import LocalTriton
import TritonClient

/// A Triton of this machine behind a port of the proxy: it can be killed, stopped and started again, and its address
/// stays.
package actor ChaosTriton {
  /// The way to it.
  package nonisolated let proxy: FaultProxy

  private let configuration: LocalTritonServer.Configuration
  private var server: LocalTritonServer
  private var isKilled = false

  /// Its address, whatever becomes of it.
  package nonisolated var url: String { self.proxy.url }

  private init(
    _ server: LocalTritonServer,
    proxy: FaultProxy,
    configuration: LocalTritonServer.Configuration
  ) {
    self.server = server
    self.proxy = proxy
    self.configuration = configuration
  }

  /// Starts a server and opens the way to it.
  static func start(
    _ configuration: LocalTritonServer.Configuration,
    control: InferenceServerClient
  ) async throws -> ChaosTriton {
    let server = try await LocalTritonServer.start(configuration)
    let faults: [String: InferenceParameter] = ["upstream_port": .int(Int64(try server.port))]
    let proxy = try await FaultProxy.open(control, faults: faults)
    return ChaosTriton(server, proxy: proxy, configuration: configuration)
  }

  /// Kills the server with SIGKILL. Its connections break, and its port refuses others.
  package func kill() async throws {
    self.isKilled = true
    self.signal(SIGKILL)
    try await self.proxy.change(listens: false)
  }

  /// Starts a server in the place of the one that was killed; returns when it takes requests.
  package func restart() async throws {
    _ = try await self.server.termination
    self.server = try await LocalTritonServer.start(self.configuration)
    self.isKilled = false
    try await self.proxy.change(upstream: try self.server.port)
  }

  /// Starts another server if this one has died by itself. Triton 2.51 does so now and then (SIGSEGV in
  /// `pthread_mutex_lock`) where many calls are cancelled and connections break.
  ///
  /// - Parameter limit: how long to wait for the news of it.
  /// - Returns: whether it had died.
  package func revive(within limit: Duration = .zero) async throws -> Bool {
    let deadline = ContinuousClock.now + limit
    while self.server.crash == nil, ContinuousClock.now < deadline {
      try await Task.sleep(for: .milliseconds(20))
    }
    guard self.server.crash != nil, !self.isKilled else { return false }
    try await self.restart()
    return true
  }

  /// Sends a signal, unless the process is gone: another one may have its number by now.
  private func signal(_ number: Int32) {
    if self.server.crash == nil { Foundation.kill(self.server.processID, number) }
  }

  /// Stops the server's process with SIGSTOP: its connections stay, and nothing is answered.
  package func suspend() {
    self.signal(SIGSTOP)
  }

  /// Lets the process go on.
  package func resume() {
    self.signal(SIGCONT)
  }

  /// Unloads a model; requests under way end first.
  package func unload(_ model: String) async throws {
    let client = try InferenceServerClient(self.server.grpcURL)
    defer { client.close() }
    try await client.unloadModel(model)
  }

  /// Loads a model; returns when it is ready.
  package func load(_ model: String) async throws {
    let client = try InferenceServerClient(self.server.grpcURL, configuration: .init(timeout: .seconds(60)))
    defer { client.close() }
    try await client.loadModel(model)
  }

  /// Ends whatever is wrong with the server and the way to it.
  package func heal(models: [String]) async throws {
    self.resume()
    if self.isKilled || self.server.crash != nil { try await self.restart() }
    for model in models { try await self.load(model) }
    try await self.proxy.change()
  }

  /// Ends the server and closes its port.
  package func stop() async throws {
    self.resume()
    await self.server.stop()
    try await self.proxy.close()
  }
}

extension LocalTritonServer {
  /// The number of the port for gRPC.
  fileprivate var port: Int {
    get throws {
      guard let port = URL(string: self.grpcURL)?.port else { throw URLError(.badURL) }
      return port
    }
  }
}
