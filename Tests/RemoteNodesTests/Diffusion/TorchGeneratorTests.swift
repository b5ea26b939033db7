// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import RemoteNodes
import Testing

@Suite("PyTorch's CPU generator")
struct TorchGeneratorTests {
  struct GoldenFile: Decodable {
    struct Case: Decodable {
      var seed: String
      var count: Int
      var after: Int?
      var first: [Double]
      var last: [Double]?
    }
    var cases: [Case]
  }

  @Test("torch.rand of seed 0")
  func uniform() {
    var generator = TorchGenerator(seed: 0)
    let values = (0..<3).map { _ in generator.uniform() }
    #expect(values == [0.49625659, 0.768221796, 0.0884774327])
  }

  @Test("Engine output: MT19937's known 10000th value for seed 5489")
  func engine() {
    var generator = TorchGenerator(seed: 5489)
    for _ in 0..<9999 { _ = generator.random32() }
    #expect(generator.random32() == 4_123_659_995)
  }

  @Test("Only the lower 32 bits of a seed matter")
  func seedWidth() {
    var small = TorchGenerator(seed: 5)
    var large = TorchGenerator(seed: 1 << 63 + 5)
    var other = TorchGenerator(seed: 6)
    let values = small.randn(count: 20)
    #expect(values == large.randn(count: 20))
    #expect(values != other.randn(count: 20))
  }

  @Test("torch.randn of seed 42, [1, 4, 64, 64]")
  func largeTensor() {
    var generator = TorchGenerator(seed: 42)
    let values = generator.randn(count: 4 * 64 * 64)
    #expect(Array(values[0..<4]) == [1.92691529, 1.48728406, 0.900717199, -2.10552096])
    #expect(Array(values[8..<10]) == [-0.752135277, 1.64872301])
    #expect(Array(values.suffix(2)) == [0.972809732, -0.293406099])
  }

  @Test("A last, incomplete block is drawn anew")
  func redrawnTail() {
    var generator = TorchGenerator(seed: 42)
    let values = generator.randn(count: 17)
    #expect(Array(values[0..<2]) == [1.92691529, -0.159597471])
    #expect(Array(values.suffix(3)) == [-0.251575291, 0.859858513, -0.309726775])
  }

  @Test("Fewer than 16 numbers take the short path")
  func shortPath() {
    var generator = TorchGenerator(seed: 0)
    #expect(generator.randn(count: 5) == [1.54099607, -0.293428898, -2.17878938, 0.568431258, -1.08452237])
    #expect(generator.randn(count: 0) == [])
  }

  @Test("The short path's second value outlives a long fill")
  func cachedNormal() {
    var whole = TorchGenerator(seed: 7)
    let pair = whole.randn(count: 2)
    var interrupted = TorchGenerator(seed: 7)
    #expect(interrupted.randn(count: 1) == [pair[0]])
    _ = interrupted.randn(count: 64)
    #expect(interrupted.randn(count: 1) == [pair[1]])
  }

  @Test("A batch is its pictures one after the other where their size is a multiple of 16")
  func batch() {
    var together = TorchGenerator(seed: 3)
    var apart = TorchGenerator(seed: 3)
    #expect(together.randn(count: 96) == apart.randn(count: 48) + apart.randn(count: 48))
  }

  @Test("Every number equals what PyTorch drew, bit for bit")
  func golden() throws {
    let file = try Golden.decode("randn", as: GoldenFile.self)
    #expect(file.cases.count > 100)
    for item in file.cases {
      var generator = TorchGenerator(seed: try #require(UInt64(item.seed)))
      if let after = item.after { _ = generator.randn(count: after) }
      let values = generator.randn(count: item.count)
      let first = item.first.map { Float($0) }
      let last = (item.last ?? []).map { Float($0) }
      #expect(
        Array(values.prefix(first.count)) == first && Array(values.suffix(last.count)) == last,
        "seed \(item.seed), \(item.count) numbers after \(item.after ?? 0)")
    }
  }
}
