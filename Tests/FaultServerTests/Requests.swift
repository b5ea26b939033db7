// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing
import TritonClient

extension InferenceRequest {
  /// A request to the server's model that gives its inputs back, with what is to go wrong.
  static func echo(
    _ inputs: NamedTensors = ["x": Tensor([1, 2, 3, 4] as [Float])],
    id: String = "",
    faults: [String: InferenceParameter] = [:]
  ) -> InferenceRequest {
    var request = InferenceRequest(model: "echo", id: id, inputs: inputs)
    request.parameters = faults
    return request
  }

  /// A request whose answer has one output of so many bytes.
  static func zeros(_ byteCount: Int, faults: [String: InferenceParameter] = [:]) -> InferenceRequest {
    var request = InferenceRequest(model: "zeros")
    request.parameters = faults.merging(["byte_count": .int(Int64(byteCount))]) { $1 }
    return request
  }
}

extension CallOptions {
  /// Options of a call without parameters of its own: what is to go wrong travels in a header.
  static func faults(
    _ faults: KeyValuePairs<String, String>,
    timeout: Duration? = nil,
    retry: RetryPolicy? = nil
  ) -> CallOptions {
    let text = faults.map { "\($0)=\($1)" }.joined(separator: ";")
    return CallOptions(timeout: timeout, retry: retry, headers: ["fault": text])
  }
}

extension InferenceServerClient.Configuration {
  /// Each request is sent once and as it is, without a look at the model's signature.
  static let sentOnce = InferenceServerClient.Configuration(
    retry: .never,
    // What goes wrong with one call must not touch another.
    circuitBreaker: .disabled,
    validatesRequests: false
  )
}

extension InferenceParameter {
  /// The number of a parameter that is one.
  var number: Int? {
    if case .int(let value) = self { Int(value) } else { nil }
  }

  /// The text of a parameter that is one.
  var text: String? {
    if case .string(let value) = self { value } else { nil }
  }
}

/// What the server has seen of the calls with one id.
struct CallCounts: Hashable {
  /// Calls that came.
  var attempts: Int
  /// Those that the caller gave up before they were answered.
  var cancelled: Int
  /// Those that the server works on.
  var running: Int

  /// One call, which was given up.
  static let oneCancelled = CallCounts(attempts: 1, cancelled: 1, running: 0)
}

extension InferenceServerClient {
  /// What the server has seen of the calls with an id.
  func calls(of id: String) async throws -> CallCounts {
    var request = InferenceRequest(model: "calls")
    request.parameters["of"] = .string(id)
    let seen = try await self.infer(request, timeout: .seconds(10)).parameters
    return CallCounts(
      attempts: try #require(seen["attempts"]?.number),
      cancelled: try #require(seen["cancelled"]?.number),
      running: try #require(seen["running"]?.number)
    )
  }

  /// Waits until the server has seen that no call with an id is running; returns what it saw.
  func settledCalls(of id: String) async throws -> CallCounts {
    try await self.calls(of: id) { $0.running == 0 }
  }

  /// Waits until the server works on a call with an id.
  func waitUntilRunning(_ id: String) async throws {
    #expect(try await self.calls(of: id) { $0.running > 0 }.running > 0)
  }

  /// What the server has seen of the calls with an id as soon as it is as wanted, or after ten seconds.
  private func calls(
    of id: String,
    until isAsWanted: (CallCounts) -> Bool
  ) async throws -> CallCounts {
    for _ in 0..<1_000 {
      let seen = try await self.calls(of: id)
      if isAsWanted(seen) { return seen }
      try await Task.sleep(for: .milliseconds(10))
    }
    return try await self.calls(of: id)
  }

  /// Checks that a call succeeds at once, as one must after any failure of another.
  func expectToWork(sourceLocation: SourceLocation = #_sourceLocation) async throws {
    let values = (0..<100).map { _ in Float.random(in: -1...1) }
    let answer = try await self.infer(.echo(["x": Tensor(values)]), timeout: .seconds(10))
    #expect(try answer.output("x").array(of: Float.self) == values, sourceLocation: sourceLocation)
  }

  /// The error that a request ends with, after which the client has to work again.
  func failure(
    of request: InferenceRequest,
    timeout: Duration? = nil,
    options: CallOptions = .defaults,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> InferenceError {
    let error = try await #require(throws: InferenceError.self, sourceLocation: sourceLocation) {
      try await self.infer(request, timeout: timeout, options: options)
    }
    try await self.expectToWork(sourceLocation: sourceLocation)
    return error
  }
}

/// How much later than at its time something may happen where much else happens at that time. What must not be
/// waited for takes far longer.
let slack = Duration.seconds(8)

/// A name that no other test uses.
func uniqueID(_ name: String) -> String {
  "\(name) \(UInt64.random(in: 0...(.max)))"
}
