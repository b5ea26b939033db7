// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import TritonClient

/// Does what operations say with TritonClient, and tells in canonical form what came of it.
struct OurClient: Sendable {
  /// A step that this program does not know: a fault of the table of operations.
  struct UnknownStep: Error {
    let call: String
  }

  let client: InferenceServerClient

  /// Retries are off: the peer has none, and what the server counts is compared.
  ///
  /// - Parameters:
  ///   - url: the server's address.
  ///   - validates: whether requests are compared with the model's signature before they are sent.
  init(url: String, validates: Bool) throws {
    self.client = try InferenceServerClient(
      url,
      configuration: .init(retry: .never, validatesRequests: validates)
    )
  }

  /// Our account of an operation.
  func account(of steps: [JSON]) async throws -> JSON {
    var results: [JSON] = []
    for step in steps { results.append(try await self.result(of: step)) }
    return .array(results)
  }

  /// How a step ends: "answer", or the kind of error as callers see it.
  ///
  /// A tensor of a wrong type counts as a wrong argument, which is all that a server calls it.
  func kindOfResult(of step: JSON) async throws -> String {
    do {
      _ = try await self.take(step)
      return "answer"
    } catch let error as InferenceError {
      return error.code == .typeMismatch ? InferenceError.Code.invalidArgument.description : "\(error.code)"
    }
  }

  private func result(of step: JSON) async throws -> JSON {
    do {
      return ["value": try await self.take(step)]
    } catch let error as InferenceError {
      return ["error": Canonical.error(error)]
    }
  }

  private func take(_ step: JSON) async throws -> JSON {
    switch try step.required("call").string {
    case "infer": try await self.infer(step)
    case "stream": try await self.stream(step)
    case "server_live": .bool(try await self.client.isServerLive())
    case "server_ready": .bool(try await self.client.isServerReady())
    case "server_metadata": Canonical.metadata(try await self.client.serverMetadata())
    case "counted": try await self.counted(step)
    case let call:
      if let result = try await self.askAboutModels(call, step) {
        result
      } else {
        try await self.administer(call, step)
      }
    }
  }

  /// By how much the counts of a model moved while other steps were taken, and what those gave.
  private func counted(_ step: JSON) async throws -> JSON {
    let model = try step.required("model").string
    let before = try await self.client.modelStatistics(model)
    let results = try await self.account(of: try step.required("steps").elements)
    let expected = try step.required("until").integer
    var after = try await self.client.modelStatistics(model)
    for _ in 0..<200 where Self.runs(after) - Self.runs(before) < expected {
      try await Task.sleep(for: .milliseconds(10))
      after = try await self.client.modelStatistics(model)
    }
    var moved: [String: JSON] = [:]
    for one in after {
      let earlier = before.first { $0.name == one.name && $0.version == one.version }
      moved["\(one.name)/\(one.version)"] = Canonical.counts(of: one, since: earlier)
    }
    return ["results": results, "moved": .object(moved)]
  }

  /// Runs of all versions, and failures.
  private static func runs(_ statistics: [ModelStatistics]) -> Int {
    statistics.reduce(0) { $0 + $1.executionCount + $1.failure.count }
  }
}
