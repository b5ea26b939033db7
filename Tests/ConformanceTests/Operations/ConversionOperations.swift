// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// FP16 and BF16: what each client makes of `Float` values, and of the narrow values that come back. The peer
/// converts with NumPy and ml_dtypes.
enum ConversionOperations {
  static var all: [Operation] {
    do {
      return try ["FP16", "BF16"].flatMap(self.operations)
    } catch {
      return [Operation("the table of conversions is wrong: \(error)")]
    }
  }

  private static func operations(for type: String) throws -> [Operation] {
    let exact = type == "FP16" ? self.halves : self.brainFloats
    let finite = exact.filter { $0.isFinite }
    func operation(_ name: String, _ values: [Float]) throws -> Operation {
      Operation("\(type): \(name)", try Step.mirror(Values.floats(values, as: type), tellsWhatItSaw: false))
    }
    return [
      try operation("every value that it has", exact),
      try operation("halfway between neighbours", self.halfway(finite)),
      try operation("just beside the halves", self.halfway(finite).flatMap { [$0.nextDown, $0.nextUp] }),
      try operation("past the largest, under the smallest", self.extremes),
      try operation("numbers drawn from all bit patterns", self.drawn),
      type == "FP16" ? try operation("NaNs", self.notNumbers) : try self.brainNotNumbers(),
    ]
  }

  /// All values of IEEE 754 half precision but NaNs, worked out from their definition.
  private static let halves: [Float] = (0...UInt16.max).compactMap { bits in
    let sign: FloatingPointSign = bits >> 15 == 0 ? .plus : .minus
    let exponent = Int(bits >> 10 & 0x1F)
    let fraction = Float(bits & 0x3FF) / 1_024
    switch exponent {
    case 0: return Float(sign: sign, exponent: -14, significand: fraction)
    case 0x1F: return fraction == 0 ? Float(signOf: sign == .plus ? 1 : -1, magnitudeOf: .infinity) : nil
    default: return Float(sign: sign, exponent: exponent - 15, significand: 1 + fraction)
    }
  }

  /// All numbers of which the upper half of the bits is enough.
  private static let brainFloats: [Float] = (0...UInt16.max).map { Float(bitPattern: UInt32($0) << 16) }
    .filter { !$0.isNaN }

  private static func halfway(_ values: [Float]) -> [Float] {
    let sorted = Set(values.map { $0 == 0 ? 0 : $0 }).sorted()
    return zip(sorted, sorted.dropFirst()).map { $0 + ($1 - $0) / 2 }.filter(\.isFinite)
  }

  private static let extremes: [Float] =
    [
      65_504, 65_519.996, 65_520, 65_535, 65_536, 1e9, 0x1p-24, 0x1p-25, 0x1.000002p-25, 0x1p-26, 0x1.8p-25,
      .greatestFiniteMagnitude, .leastNonzeroMagnitude, 0x1.FEp127, 0x1.FEFFFEp127, 0x1.FFp127,
      0x1.FF0002p127,
      0x1p-133, 0x1p-134, 0x1.8p-134, 0x1p-135,
    ]
    .flatMap { [$0, -$0] }

  private static let drawn: [Float] = {
    // A linear congruential generator (Knuth's constants): the same numbers in every run.
    var state: UInt64 = 1
    return (0..<50_000).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(bitPattern: UInt32(truncatingIfNeeded: state >> 32))
    }
    .filter { !$0.isNaN }
  }()

  /// With payloads in the bits that are kept, in those that are dropped, and in both.
  private static let notNumbers: [Float] = [
    0x7FC0_0000, 0xFFC0_0000, 0x7FC0_0001, 0x7FFF_FFFF, 0xFFC1_2345, 0x7FC0_2000, 0x7FD5_5555, 0x7FE0_0000,
  ].map { Float(bitPattern: $0) }

  /// ml_dtypes makes one NaN of all; here their sign and the upper bits of their payload stay, as with FP16.
  private static func brainNotNumbers() throws -> Operation {
    let kept = self.notNumbers.map { UInt16($0.bitPattern >> 16) }
    let read = kept.map { UInt32($0) << 16 }
    return Operation(
      "BF16: NaNs",
      try Step.mirror(Values.floats(self.notNumbers, as: "BF16"), tellsWhatItSaw: false),
      expecting: [
        "value": [
          "model": "mirror", "version": "1", "id": "", "parameters": [:],
          "outputs": [
            [
              "name": "OUT_BF16", "type": "BF16", "shape": [.number(kept.count)],
              "raw": kept.withUnsafeBytes { .bytes($0) }, "floats": read.withUnsafeBytes { .bytes($0) },
            ]
          ],
        ]
      ],
      because: "ml_dtypes keeps no payload of a NaN; NumPy's FP16 and we do"
    )
  }
}
