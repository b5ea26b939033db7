// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import Testing
import TritonClient

/// What a server's `onnxruntime` backend does with requests that arrive together. It holds for the Python one of
/// models/backends and for the one in NVIDIA's image.
@Suite struct OnnxBackendTests {
  private struct Case: Sendable {
    let rows: Int
    let size: Int
    let seed: Int
  }

  private static let width = 128

  private func client() async throws -> InferenceServerClient {
    try InferenceServerClient(try await TestServer.url())
  }

  private func request(_ item: Case) throws -> InferenceRequest {
    func wave(_ count: Int, _ step: Float) -> [Float] {
      (0..<count).map { sin(Float($0 + item.seed * 31) * step) }
    }
    let latents = item.rows * 4 * item.size * item.size
    return InferenceRequest(
      model: "shapes_unet",
      inputs: [
        "sample": try Tensor(wave(latents, 0.37), shape: [item.rows, 4, item.size, item.size]),
        "timestep": try Tensor(
          (0..<item.rows).map { Float(900 - 100 * ($0 + item.seed % 5)) }, shape: [item.rows, 1]),
        "encoder_hidden_states": try Tensor(
          wave(item.rows * 77 * Self.width, 0.11), shape: [item.rows, 77, Self.width]),
      ])
  }

  @Test func requestsOfSeveralSizesInFlightEachGetTheirOwnRows() async throws {
    let client = try await self.client()
    // Neighbours are of one size: the server only joins requests that follow each other and fit together.
    let cases = (0..<18).map { Case(rows: 1 + $0 % 3, size: $0 < 12 ? 16 : 8, seed: $0) }
    var alone: [[Float]] = []
    for item in cases {
      alone.append(try await client.infer(self.request(item)).output("noise_pred").array(of: Float.self))
    }
    let before = try await client.modelStatistics("shapes_unet").first
    let together = try await withThrowingTaskGroup(of: (Int, Tensor).self) { group in
      for (number, item) in cases.enumerated() {
        let request = try self.request(item)
        group.addTask { (number, try await client.infer(request).output("noise_pred")) }
      }
      return try await group.reduce(into: [Int: Tensor]()) { $0[$1.0] = $1.1 }
    }
    for (number, item) in cases.enumerated() {
      let tensor = try #require(together[number])
      #expect(tensor.shape == [item.rows, 4, item.size, item.size])
      let worst = zip(try tensor.array(of: Float.self), alone[number]).map { abs($0 - $1) }.max() ?? 0
      #expect(worst < 1e-3, "request \(number) differs by \(worst) from the same request alone")
    }
    // Fewer runs than answers: some of them shared one. Other tests may use the model meanwhile; they add as
    // many answers as runs, or more.
    let after = try await client.modelStatistics("shapes_unet").first
    let runs = (after?.executionCount ?? 0) - (before?.executionCount ?? 0)
    let answers = (after?.success.count ?? 0) - (before?.success.count ?? 0)
    #expect(answers >= cases.count && runs < answers, "\(answers) answers in \(runs) runs")
  }

  @Test func aRequestThatFailsDoesNotTakeItsNeighboursWithIt() async throws {
    let client = try await self.client()
    // No row of the embedding has this number; the shape and type are right, so that only the model can tell.
    let wrong = [Int64](repeating: 10_000_000, count: 77)
    let right = (0..<77).map { Int64($0 % 50) }
    let outcomes = try await withThrowingTaskGroup(of: (Int, InferenceError?).self) { group in
      for number in 0..<12 {
        let identifiers = try Tensor(number % 4 == 3 ? wrong : right, shape: [1, 77])
        group.addTask {
          do {
            let request = InferenceRequest(model: "shapes_text_encoder", inputs: ["input_ids": identifiers])
            _ = try await client.infer(request, options: CallOptions(retry: .never))
            return (number, nil)
          } catch let error as InferenceError {
            return (number, error)
          }
        }
      }
      return try await group.reduce(into: [Int: InferenceError?]()) { $0[$1.0] = $1.1 }
    }
    for (number, error) in outcomes {
      if number % 4 == 3 {
        #expect(error?.message.contains("10000000") == true)
      } else {
        #expect(error == nil)
      }
    }
    #expect(outcomes.count == 12)
  }

  @Test func onlyTheOutputsAskedForAreAnswered() async throws {
    let client = try await self.client()
    let identifiers = try Tensor((0..<77).map { Int64($0) }, shape: [1, 77])
    var request = InferenceRequest(model: "shapes_text_encoder", inputs: ["input_ids": identifiers])
    let all = try await client.infer(request)
    request.outputs = ["pooler_output", "hidden_states.0"]
    let some = try await client.infer(request)
    #expect(Set(some.outputs.names) == ["pooler_output", "hidden_states.0"])
    #expect(all.outputs.count > 2)
    #expect(try some.output("pooler_output").shape == [1, Self.width])
    let asked = try some.output("hidden_states.0").array(of: Float.self)
    #expect(try all.output("hidden_states.0").array(of: Float.self) == asked)
  }
}
