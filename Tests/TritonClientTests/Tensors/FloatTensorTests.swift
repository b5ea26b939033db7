// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing
import TritonClient

@Suite struct FloatTensorTests {
  private func patterns(_ tensor: Tensor) -> [UInt16] {
    tensor.withUnsafeBytes { bytes in
      stride(from: 0, to: bytes.count, by: 2).map { bytes.loadUnaligned(fromByteOffset: $0, as: UInt16.self) }
    }
  }

  private func tensor(_ patterns: [UInt16], _ dataType: DataType) -> Tensor {
    let storage = patterns.withUnsafeBytes { source in
      OwnedStorage(byteCount: source.count) { $0.copyMemory(from: source) }
    }
    return Tensor(shape: [patterns.count], dataType: dataType, storage: storage)
  }

  /// Every half, with the conversion of the compiler's own type as the reference.
  @Test func everyHalfBecomesTheRightFloat() throws {
    let patterns = Array(UInt16.min...UInt16.max)
    let floats = try self.tensor(patterns, .fp16).floats()
    let wrong = zip(patterns, floats).filter { pattern, float in
      let half = Float16(bitPattern: pattern)
      return half.isNaN ? !float.isNaN : Float(half).bitPattern != float.bitPattern
    }
    #expect(wrong.isEmpty)
  }

  @Test func floatsAreRoundedToTheNearestHalf() throws {
    // Numbers around every half and halfway between neighbours, where ties are decided.
    let floats = (UInt16.min...UInt16.max).flatMap { pattern -> [Float] in
      let half = Float(Float16(bitPattern: pattern))
      let next = Float(Float16(bitPattern: pattern &+ 1))
      let middle = (half + next) / 2
      return [half, middle, middle.nextUp, middle.nextDown]
    }
    let converted = self.patterns(try Tensor(floats: floats, shape: [floats.count], as: .fp16))
    let wrong = zip(floats, converted).filter { float, pattern in
      let expected = Float16(float)
      let given = Float16(bitPattern: pattern)
      return expected.isNaN ? !given.isNaN : expected.bitPattern != pattern
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(3))")
  }

  @Test(
    arguments: zip(
      [
        1, -2.5, 0, -0.0, .infinity, -.infinity, 1.00390625, 1.01171875, 3.4e38,
        Float(bitPattern: 0x0001_16C2),
      ] as [Float],
      [0x3F80, 0xC020, 0, 0x8000, 0x7F80, 0xFF80, 0x3F80, 0x3F82, 0x7F80, 0x0001] as [UInt16]
    ))
  func floatsAreRoundedToTheNearestBFloat(float: Float, pattern: UInt16) throws {
    #expect(self.patterns(try Tensor(floats: [float], shape: [1], as: .bf16)) == [pattern])
  }

  @Test func everyBFloatComesBack() throws {
    let patterns = Array(UInt16.min...UInt16.max)
    let floats = try self.tensor(patterns, .bf16).floats()
    let back = self.patterns(try Tensor(floats: floats, shape: [floats.count], as: .bf16))
    let wrong = zip(patterns, back).filter { pattern, result in
      let isNaN = pattern & 0x7F80 == 0x7F80 && pattern & 0x7F != 0
      return isNaN ? result & 0x7F80 != 0x7F80 || result & 0x7F == 0 : pattern != result
    }
    #expect(wrong.isEmpty)
  }

  @Test func doublesAndFloatsAreReadTheSameWay() throws {
    #expect(try Tensor([1.5, -2] as [Double]).floats() == [1.5, -2])
    #expect(try Tensor(floats: [1.5, -2], shape: [2], as: .fp64).array(of: Double.self) == [1.5, -2])
    #expect(try Tensor(floats: [], shape: [0], as: .fp16).floats().isEmpty)
  }

  @Test func otherTypesAreRefused() {
    #expect(throws: InferenceError.self) { try Tensor([1 as Int32]).floats() }
    #expect(throws: InferenceError.self) { try Tensor(floats: [1], shape: [1], as: .int32) }
    #expect(throws: InferenceError.self) { try Tensor(floats: [1], shape: [2], as: .fp16) }
  }
}
