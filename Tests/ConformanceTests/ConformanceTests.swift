// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing
import TritonClient

/// TritonClient and PyPI's tritonclient do the same with the same real server; their accounts must be equal.
///
/// One operation after the other: some of them change settings and models, and some compare counts.
/// docs/conformance.md says what an account leaves out and why.
@Suite(.serialized) struct ConformanceTests {
  @Test(arguments: ModelOperations.all)
  func models(_ operation: Operation) async throws {
    try await self.compare(operation)
  }

  @Test(arguments: TensorOperations.all)
  func tensors(_ operation: Operation) async throws {
    try await self.compare(operation)
    try await self.compareValidating(operation)
  }

  @Test(arguments: ConversionOperations.all)
  func conversions(_ operation: Operation) async throws {
    try await self.compare(operation)
  }

  @Test(arguments: RequestOperations.all)
  func requests(_ operation: Operation) async throws {
    try await self.compare(operation)
    try await self.compareValidating(operation)
  }

  @Test(arguments: ErrorOperations.all)
  func errors(_ operation: Operation) async throws {
    try await self.compare(operation)
    try await self.compareValidating(operation)
  }

  @Test(arguments: StreamOperations.all)
  func streams(_ operation: Operation) async throws {
    try await self.compare(operation)
  }

  @Test(arguments: SequenceOperations.all)
  func sequences(_ operation: Operation) async throws {
    try await self.compare(operation)
  }

  @Test(arguments: RepositoryOperations.all)
  func repository(_ operation: Operation) async throws {
    try await self.compare(operation)
  }

  @Test(arguments: SettingsOperations.all)
  func settings(_ operation: Operation) async throws {
    try await self.compare(operation)
  }

  @Test(arguments: SharedMemoryOperations.all)
  func sharedMemory(_ operation: Operation) async throws {
    let object = try SharedMemoryObject(named: SharedMemoryOperations.objectName)
    defer { object.remove() }
    try await self.compare(operation)
  }

  /// Our account of an operation against its reference.
  private func compare(_ operation: Operation) async throws {
    let url = try await ConformanceServer.url()
    let ours = try await OurClient(url: url, validates: false).account(of: operation.steps)
    switch operation.reference {
    case .peer:
      let theirs = try await Peer.shared.account(of: operation, on: url.replacing("grpc://", with: ""))
      self.expect(ours, toBe: theirs, in: operation)
    case .facts(let reason, let results):
      self.expect(ours, toBe: .array(results), in: operation, because: reason)
    }
    // A server that is gone gives both the same error.
    let isLive = try? await InferenceServerClient(url).isServerLive()
    #expect(isLive == true, "the server is gone after \"\(operation.name)\"")
  }

  /// Whether checking requests against the model's signature changes nothing but where a wrong request is refused:
  /// what the server takes is not refused, and what is refused here is refused with the code that the server's
  /// refusal has.
  private func compareValidating(_ operation: Operation) async throws {
    let url = try await ConformanceServer.url()
    let trusting = try OurClient(url: url, validates: false)
    let validating = try OurClient(url: url, validates: true)
    for step in operation.steps where step["call"] == "infer" {
      let expected = try await trusting.kindOfResult(of: step)
      let found = try await validating.kindOfResult(of: step)
      #expect(found == expected, "\(operation.name), with validation")
    }
  }

  private func expect(
    _ ours: JSON,
    toBe expected: JSON,
    in operation: Operation,
    because reason: String = "tritonclient's account"
  ) {
    let differences = Comparison.differences(ours, expected)
    #expect(
      differences.isEmpty,
      "\(operation.name); expected: \(reason)\n\(differences.joined(separator: "\n"))"
    )
  }
}
