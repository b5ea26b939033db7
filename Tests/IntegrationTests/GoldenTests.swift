// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import RemoteNodes
import Testing

/// What diffusers draws from the same model, prompt, seed and noise; `models/golden` made the pictures.
@Suite("Pictures equal diffusers'")
struct GoldenTests {
  struct GoldenFile: Decodable {
    struct Case: Decodable, Sendable, CustomTestStringConvertible {
      var file: String
      var prompt: String
      var negative: String
      var seed: UInt64
      var steps: Int
      var cfg: Double

      var testDescription: String { file }
    }
    var sampler: String
    var scheduler: String
    var width: Int
    var height: Int
    var cases: [Case]
  }

  private static func resource(_ name: String) throws -> Data {
    let url = try #require(Bundle.module.resourceURL).appendingPathComponent("Golden/\(name)")
    return try Data(contentsOf: url)
  }

  @Test("Every pixel within 2/255 of StableDiffusionPipeline with DDIM, trailing")
  func diffusers() async throws {
    let golden = try JSONDecoder().decode(GoldenFile.self, from: Self.resource("golden.json"))
    #expect(golden.cases.count >= 3)
    let studio = try await Studio()
    for item in golden.cases {
      let expected = try Picture(png: Array(Self.resource(item.file)))
      let workflow = Workflow.textToImage(
        .init(
          prompt: item.prompt, checkpoint: "shapes", negative: item.negative, steps: item.steps,
          cfg: item.cfg,
          seed: item.seed, sampler: golden.sampler, scheduler: golden.scheduler, width: golden.width,
          height: golden.height))
      let drawn = try #require(try await studio.pictures(workflow).first)
      #expect(largestDifference(drawn, expected) <= Studio.tolerance, "\(item.file)")
      // A picture of one colour would be easy to meet.
      #expect(Set(expected.pixels).count > 10, "\(item.file)")
    }
  }
}
