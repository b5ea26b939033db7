// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import TritonClient

/// Every data type both ways: the model says in hexadecimal what it saw, and gives it back.
enum TensorOperations {
  static var all: [Operation] {
    do {
      return try self.numbers + self.floats + self.byteStrings + self.shapes + [self.everyTypeAtOnce()]
    } catch {
      return [Operation("the table of tensors is wrong: \(error)")]
    }
  }

  private static func integers<Element: TensorElement & FixedWidthInteger>(
    of type: Element.Type
  ) throws -> Operation {
    let values: [Element] = [.min, .min + 1, 0, 1, 7, ~0, .max - 1, .max]
    return Operation("\(Element.dataType): smallest, largest", try Step.mirror(Values.tensor(values)))
  }

  private static var numbers: [Operation] {
    get throws {
      [
        Operation("BOOL: both values", try Step.mirror(Values.tensor([true, false, false, true, true]))),
        try self.integers(of: UInt8.self), try self.integers(of: UInt16.self),
        try self.integers(of: UInt32.self), try self.integers(of: UInt64.self),
        try self.integers(of: Int8.self), try self.integers(of: Int16.self),
        try self.integers(of: Int32.self), try self.integers(of: Int64.self),
        Operation("UINT8: every value", try Step.mirror(Values.tensor(Array(UInt8.min...UInt8.max)))),
        Operation("INT8: every value", try Step.mirror(Values.tensor(Array(Int8.min...Int8.max)))),
      ]
    }
  }

  private static var floats: [Operation] {
    get throws {
      let singles: [Float] = [
        0, -0.0, 1, -1, 1 / 3, .pi, .infinity, -.infinity, .nan, -.nan, .leastNonzeroMagnitude,
        -.leastNonzeroMagnitude, .leastNormalMagnitude, .leastNormalMagnitude.nextDown,
        .greatestFiniteMagnitude, -.greatestFiniteMagnitude,
      ]
      let singleNaNs: [UInt32] = [
        0x7FC0_0001, 0xFFC1_2345, 0x7FFF_FFFF, 0x7F80_0001, 0xFF80_0001, 0x7FBF_FFFF,
      ]
      let doubles: [Double] = [
        0, -0.0, 1, -1, 1 / 3, .pi, .infinity, -.infinity, .nan, -.nan, .leastNonzeroMagnitude,
        -.leastNonzeroMagnitude, .leastNormalMagnitude, .leastNormalMagnitude.nextDown,
        .greatestFiniteMagnitude, -.greatestFiniteMagnitude,
      ]
      let doubleNaNs: [UInt64] = [
        0x7FF8_0000_0000_0001, 0xFFF8_1234_5678_9ABC, 0x7FF0_0000_0000_0001, 0xFFF7_FFFF_FFFF_FFFF,
      ]
      return [
        Operation("FP32: zeros, infinities, subnormals", try Step.mirror(Values.tensor(singles))),
        // Quiet and signalling; as bytes, because moving a Float may make a signalling one quiet.
        Operation("FP32: NaNs with their payload", try Step.mirror(self.raw(singleNaNs, as: "FP32"))),
        Operation("FP64: zeros, infinities, subnormals", try Step.mirror(Values.tensor(doubles))),
        Operation("FP64: NaNs with their payload", try Step.mirror(self.raw(doubleNaNs, as: "FP64"))),
      ]
    }
  }

  private static func raw(_ patterns: [some FixedWidthInteger], as type: String) -> JSON {
    [
      "type": .string(type), "shape": [.number(patterns.count)],
      "data": patterns.withUnsafeBytes { .bytes($0) },
    ]
  }

  private static var byteStrings: [Operation] {
    get throws {
      [
        Operation("BYTES: one empty string", try Step.mirror(Values.strings([""]))),
        Operation(
          "BYTES: empty strings among others", try Step.mirror(Values.strings(["", "a", "", "", "b", ""]))),
        Operation(
          "BYTES: text that is not ASCII",
          try Step.mirror(Values.strings(["äöü", "日本語", "🎨", "e\u{301}", "\u{FEFF}mark", "\u{202E}left"]))
        ),
        Operation(
          "BYTES: zeros within and at the end",
          try Step.mirror(Values.strings(["\0", "a\0b", "end\0", "\0\0"]))),
        Operation(
          "BYTES: no UTF-8",
          try Step.mirror(Values.byteStrings([[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0x80, 0, 0xFE]]))
        ),
        Operation("BYTES: every byte", try Step.mirror(Values.byteStrings([Array(UInt8.min...UInt8.max)]))),
        Operation(
          "BYTES: one of a mebibyte",
          try Step.mirror(
            Values.byteStrings([Array(repeating: 0xA5, count: 1 << 20), [1]]),
            tellsWhatItSaw: false
          )
        ),
        Operation(
          "BYTES: ten thousand",
          try Step.mirror(Values.strings((0..<10_000).map { "\($0)" }), tellsWhatItSaw: false)
        ),
      ]
    }
  }

  private static var shapes: [Operation] {
    get throws {
      let numbers = (0..<12).map { Float($0) }
      let texts = (0..<12).map { Array("\($0)".utf8) }
      var operations = [
        Operation(
          "rank 2", try Step.mirror(Values.tensor(numbers, shape: [3, 4]), suffix: "_RANK2"),
          try Step.mirror(Values.byteStrings(texts, shape: [4, 3]), suffix: "_RANK2"),
          try Step.mirror(Values.tensor((0..<12).map(Int64.init), shape: [1, 12]), suffix: "_RANK2")
        ),
        Operation(
          "rank 4", try Step.mirror(Values.tensor(numbers, shape: [1, 2, 3, 2]), suffix: "_RANK4"),
          try Step.mirror(Values.byteStrings(texts, shape: [2, 1, 6, 1]), suffix: "_RANK4"),
          try Step.mirror(Values.tensor((0..<12).map(Int64.init), shape: [1, 1, 12, 1]), suffix: "_RANK4")
        ),
        Operation(
          "more than gRPC's usual 4 MiB",
          try Step.mirror(
            Values.tensor((0..<700_000).map { Int64($0) &* 0x9E37_79B9_7F4A_7C1 }), tellsWhatItSaw: false)
        ),
      ]
      for type in DataType.all {
        let tensor: JSON =
          type == .bytes
          ? Values.byteStrings([]) : ["type": .string(type.name), "shape": [0], "data": ""]
        operations.append(Operation("\(type): no elements", try Step.mirror(tensor)))
      }
      for shape in [[0, 3], [3, 0], [0, 0]] {
        operations.append(
          Operation(
            "dimensions \(shape)",
            try Step.mirror(Values.tensor([] as [Float], shape: shape), suffix: "_RANK2"),
            try Step.mirror(Values.byteStrings([], shape: shape), suffix: "_RANK2")
          )
        )
      }
      for shape in [[2, 0, 3, 1], [0, 1, 1, 1], [1, 2, 3, 0]] {
        operations.append(
          Operation(
            "dimensions \(shape)",
            try Step.mirror(Values.tensor([] as [Int64], shape: shape), suffix: "_RANK4"),
            try Step.mirror(Values.byteStrings([], shape: shape), suffix: "_RANK4")
          )
        )
      }
      return operations
    }
  }

  /// Outputs are not named: the model gives those that it has, in an order of its own.
  private static func everyTypeAtOnce() throws -> Operation {
    let inputs: [JSON] = [
      Values.tensor([true]), Values.tensor([1] as [UInt8]), Values.tensor([2] as [UInt16]),
      Values.tensor([3] as [UInt32]), Values.tensor([4] as [UInt64]), Values.tensor([-1] as [Int8]),
      Values.tensor([-2] as [Int16]), Values.tensor([-3] as [Int32]), Values.tensor([-4] as [Int64]),
      Values.floats([0.5], as: "FP16"), Values.tensor([0.25] as [Float]), Values.tensor([0.125] as [Double]),
      Values.floats([0.0625], as: "BF16"), Values.strings(["all"]),
    ]
    let named = try inputs.map { $0.named("IN_\(try $0.required("type").string)") }
    return Operation(
      "every type at once", Step.infer("mirror", named), Step.infer("mirror", named.reversed()))
  }
}
