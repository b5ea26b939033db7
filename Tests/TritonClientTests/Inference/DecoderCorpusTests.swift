// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import DecoderCheck
import Foundation
import Testing

/// The short form of `make fuzz`: the committed corpus of the response decoder, and mutations of it.
@Suite struct DecoderCorpusTests {
  private static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fuzz/Corpus/decoder", isDirectory: true)

  /// The inputs by name, in an order that does not depend on the file system.
  private static func inputs() throws -> [(name: String, bytes: [UInt8])] {
    try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).sorted().map { name in
      (name, Array(try Data(contentsOf: Self.folder.appendingPathComponent(name))))
    }
  }

  @Test func theCorpusHolds() throws {
    let inputs = try Self.inputs()
    var accepted = 0
    for (name, bytes) in inputs {
      do {
        accepted += try DecoderCheck.run(bytes) ? 1 : 0
      } catch {
        Issue.record("\(name): \(error)")
      }
    }
    // A corpus that is not found, or never gets past the first field, would check nothing.
    #expect(inputs.count >= 30)
    #expect(accepted >= inputs.count / 4)
    #expect(accepted <= inputs.count * 9 / 10)
  }

  /// 20,000 in all, in parts that run side by side.
  @Test(arguments: 0..<4 as Range<UInt64>)
  func mutationsOfTheCorpusHold(part: UInt64) throws {
    let inputs = try Self.inputs().map(\.bytes)
    var mutator = Mutator(seed: part)
    var accepted = 0
    for index in 0..<5_000 {
      let input = mutator.mutation(of: inputs)
      do {
        accepted += try DecoderCheck.run(input) ? 1 : 0
      } catch {
        Issue.record("mutation \(index) of part \(part), \(Data(input).base64EncodedString()): \(error)")
      }
    }
    #expect(accepted > 400)
    #expect(accepted < 4_500)
  }
}

/// Changes inputs a little, in the same way for the same seed.
private struct Mutator {
  private var generator: SplitMix64

  init(seed: UInt64) {
    self.generator = SplitMix64(state: seed)
  }

  /// One of the inputs with one to four changes.
  mutating func mutation(of inputs: [[UInt8]]) -> [UInt8] {
    var bytes = self.element(of: inputs)
    for _ in 0..<Int.random(in: 1...4, using: &self.generator) {
      self.change(&bytes, inputs: inputs)
    }
    return bytes
  }

  private mutating func change(_ bytes: inout [UInt8], inputs: [[UInt8]]) {
    let place = Int.random(in: 0...bytes.count, using: &self.generator)
    let end = Int.random(in: place...bytes.count, using: &self.generator)
    switch Int.random(in: 0..<7, using: &self.generator) {
    case 0 where place < bytes.count:
      bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &self.generator)
    case 1 where place < bytes.count:
      // Ends of ranges, and tags of the messages' fields.
      bytes[place] = self.element(of: [0, 1, 2, 0x0A, 0x12, 0x1A, 0x22, 0x2A, 0x32, 0x7F, 0x80, 0xFF])
    case 2:
      bytes.insert(UInt8.random(in: 0...255, using: &self.generator), at: place)
    case 3:
      bytes.removeSubrange(place..<end)
    case 4:
      bytes.insert(contentsOf: bytes[place..<end], at: place)
    case 5:
      let other = self.element(of: inputs)
      let length = Int.random(in: 0...other.count, using: &self.generator)
      bytes.replaceSubrange(place..., with: other.suffix(length))
    default:
      bytes.removeLast(min(bytes.count, Int.random(in: 0...3, using: &self.generator)))
    }
  }

  private mutating func element<Element>(of elements: [Element]) -> Element {
    elements[Int.random(in: 0..<elements.count, using: &self.generator)]
  }
}

/// Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014.
private struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    self.state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = self.state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}
