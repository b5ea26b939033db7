// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

package import Foundation
import LocalTriton
import RemoteNodes
import TritonClient

/// What all scenarios play on: two Tritons behind ports of a fault server's proxy, and the pictures that they make.
package struct ChaosStage: Sendable {
  /// How much of everything there is.
  package struct Scale: Sendable {
    /// Runs of a scenario, at least.
    var runs: Int
    /// Runs where each has connections of its own, of which only some break.
    var manyRuns: Int
    /// How long a process is stopped.
    var freeze: Duration
    /// How long other disturbances last.
    var hold: Duration
    /// Calls that no server answers, for each way of not answering and each deadline.
    var hopelessCalls: Int
    /// Deadlines of those.
    var deadlines: [Duration]

    /// That of `make chaos`.
    package static let full = Scale(
      runs: 20,
      manyRuns: 100,
      freeze: .seconds(5),
      hold: .seconds(3),
      hopelessCalls: 50,
      deadlines: [.milliseconds(300), .seconds(2), .seconds(5)]
    )

    /// That of the tests.
    package static let short = Scale(
      runs: 2,
      manyRuns: 8,
      freeze: .milliseconds(1_300),
      hold: .milliseconds(300),
      hopelessCalls: 10,
      deadlines: [.milliseconds(300), .milliseconds(700)]
    )
  }

  package let scale: Scale
  package let maker: PictureMaker
  package let first, second: ChaosTriton

  /// A client of the fault server.
  let control: InferenceServerClient

  /// Starts everything, runs `body` and ends everything.
  ///
  /// - Parameters:
  ///   - faultServer: path of the fault server's program.
  ///   - models: the repository `models/shapes`.
  package static func with<Success: Sendable>(
    _ scale: Scale,
    faultServer: String,
    models: URL,
    _ body: @escaping @Sendable (ChaosStage) async throws -> Success
  ) async throws -> Success {
    try await FaultServerProcess.with(program: faultServer) { url in
      let control = try InferenceServerClient(url, configuration: .init(validatesRequests: false))
      defer { control.close() }
      let repository = try ScratchFolder()
      try UnbatchedRepository.make(of: models, in: repository.url)
      var configuration = LocalTritonServer.Configuration(modelRepository: repository.url)
      // One thread each: two servers share this machine.
      configuration.threadsPerModel = 1
      configuration.startTimeout = .seconds(120)
      async let starting = ChaosTriton.start(configuration, control: control)
      let second = try await ChaosTriton.start(configuration, control: control)
      let first = try await starting
      let client = try InferenceServerClient(first.url)
      let maker = try await PictureMaker(client: client)
      client.close()
      let stage = ChaosStage(scale: scale, maker: maker, first: first, second: second, control: control)
      let result: Result<Success, any Error>
      do {
        result = .success(try await body(stage))
      } catch {
        result = .failure(error)
      }
      try await first.stop()
      try await second.stop()
      return try result.get()
    }
  }

  /// Ends whatever a scenario that failed has left.
  func heal() async throws {
    try await self.first.heal(models: [PictureMaker.denoiser])
    try await self.second.heal(models: [PictureMaker.denoiser])
  }
}

extension InferenceServerClient.Configuration {
  /// A client that knows that an answer takes milliseconds and that its servers are disturbed.
  static var patient: InferenceServerClient.Configuration {
    var configuration = InferenceServerClient.Configuration(
      timeout: .seconds(30),
      retry: .exponentialBackoff(
        initial: .milliseconds(20),
        cap: .milliseconds(200),
        retryableCodes: RetryPolicy.transientCodes.union([.modelNotReady])
      )
    )
    configuration.attemptTimeout = .seconds(1)
    configuration.healthCheck = HealthCheck(interval: .milliseconds(500), timeout: .milliseconds(500))
    return configuration
  }
}
