// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// What the bytes of an input say.
///
/// Byte 0: bit 0 is set for a `ModelStreamInferResponse`, clear for a `ModelInferResponse`; bits 1 to 3 are the
/// distance of each slice from an aligned address; bits 4 to 7 count the bytes that follow. Each of these is
/// the length of a slice; they are used in turn until the message ends. The rest is the message.
struct DecoderInput {
  let isStreamed: Bool
  let misalignment: Int
  let sliceLengths: [Int]
  let message: [UInt8]

  init(_ bytes: some Collection<UInt8>) {
    let first = bytes.first ?? 0
    let rest = bytes.dropFirst()
    let count = Int(first >> 4)
    self.isStreamed = first & 1 != 0
    self.misalignment = Int(first >> 1 & 7)
    self.sliceLengths = rest.prefix(count).map(Int.init)
    self.message = Array(rest.dropFirst(count))
  }

  /// A message in slices as the input says.
  func cut(_ message: [UInt8]) -> CutMessage {
    CutMessage(message, sliceLengths: self.sliceLengths, misalignment: self.misalignment)
  }
}
