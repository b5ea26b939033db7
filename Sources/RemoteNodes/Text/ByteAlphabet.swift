// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// The printable stand-ins that byte-level BPE vocabularies use for bytes.
///
/// Bytes 33–126, 161–172 and 174–255 are the character of the same number; the other 68 follow, in increasing
/// order, from U+0100 on.
enum ByteAlphabet {
  /// The stand-in of each byte, 0 … 255.
  static let symbols: [String] = {
    var spare: UInt32 = 0x100
    return (0...255).map { byte in
      switch byte {
      case 33...126, 161...172, 174...255:
        return String(Character(Unicode.Scalar(UInt8(byte))))
      default:
        defer { spare += 1 }
        return Unicode.Scalar(spare).map { String(Character($0)) } ?? ""
      }
    }
  }()
}
