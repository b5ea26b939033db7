// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing

@testable import RemoteNodes

@Suite("Classifier-free guidance")
struct GuidanceTests {
  typealias Row = GuidancePlan.Row

  @Test("D = U + (C − U)·scale")
  func combine() {
    var estimate: [Float] = [3, 1, 0]
    Guidance.combine(&estimate, unconditional: [1, 1, 2], scale: 4)
    #expect(estimate == [9, 1, -6])
  }

  @Test("At scale 1 the negative prompt is not asked")
  func scaleOne() throws {
    let prompt = try Conditioning(tokenCount: 1, width: 1, values: [0])
    #expect(!Guidance(positive: prompt, negative: prompt, scale: 1).usesNegative)
    #expect(Guidance(positive: prompt, negative: prompt, scale: 1.1).usesNegative)
    #expect(Guidance(positive: prompt, negative: prompt, scale: 0).usesNegative)
  }

  private func plan(
    _ items: Int, _ positive: Int, _ negative: Int?, maximumBatchSize: Int = 8
  ) -> [GuidancePlan.Request] {
    let model = ModelReference(name: "unet", maximumBatchSize: maximumBatchSize, parameters: [:])
    return GuidancePlan(
      items: items, positiveTokens: positive, negativeTokens: negative, split: model.batches(of:)
    ).requests
  }

  @Test("Both halves are one batch of two")
  func batchOfTwo() {
    let requests = plan(1, 77, 77)
    #expect(requests.count == 1)
    #expect(requests[0].rows == [Row(item: 0, isPositive: false), Row(item: 0, isPositive: true)])
    #expect(requests[0].tokenCount == 77)
  }

  @Test("Without guidance only the positive half is sent")
  func positiveOnly() {
    #expect(
      plan(2, 77, nil).map(\.rows) == [[Row(item: 0, isPositive: true), Row(item: 1, isPositive: true)]])
  }

  @Test("A batch beyond the model's is split")
  func split() {
    let requests = plan(3, 77, 77, maximumBatchSize: 4)
    #expect(requests.map(\.rows.count) == [4, 2])
    #expect(requests.flatMap(\.rows).filter(\.isPositive).map(\.item) == [0, 1, 2])
    #expect(plan(3, 77, 77, maximumBatchSize: 0).map(\.rows.count) == [6])
    #expect(plan(1, 77, 77, maximumBatchSize: 1).map(\.rows.count) == [1, 1])
  }

  @Test("Prompts of different lengths are repeated to a common one, where that is not too far")
  func differentLengths() {
    #expect(plan(1, 154, 77).map(\.tokenCount) == [154])
    #expect(plan(1, 154, 231).map(\.tokenCount) == [462])
    #expect(plan(1, 77, 77 * 4).map(\.tokenCount) == [308])
    #expect(plan(1, 77, 77 * 5).map(\.tokenCount) == [385, 77])
  }

  @Test("Latents go to the model's scale and back; nothing stays nothing")
  func latentFormat() {
    let format = LatentFormat(channels: 4, scaleFactor: 8, scale: 2, shift: 0.5)
    #expect(format.toModel([1, 0]) == [1, -1])
    #expect(format.fromModel([1, -1]) == [1, 0])
    #expect(format.toModel([0, 0]) == [0, 0])
  }

  @Test("An empty latent takes the model's channels; one with content does not")
  func channels() throws {
    let empty = Latent(batch: 2, channels: 4, height: 3, width: 5)
    #expect(try empty.adapted(toChannels: 16).shape == [2, 16, 3, 5])
    var full = empty
    full.samples[7] = 1
    #expect(try full.adapted(toChannels: 4) == full)
    let error = #expect(throws: GraphError.self) { try full.adapted(toChannels: 16) }
    #expect(error?.code == .invalidInput)
  }
}
