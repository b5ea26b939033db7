// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// Rendezvous hashing: everybody who knows the same names chooses the same one for an identifier, and when a name
/// goes only the identifiers that were at it move.
///
/// David Thaler and Chinya Ravishankar, "Using Name-Based Mappings to Increase Hit Rates", IEEE/ACM Transactions on
/// Networking 6(1), 1998.
package enum RendezvousHash {
  /// The name that has the greatest weight for an identifier; `nil` if there is no name.
  package static func choose(for id: String, among names: [String]) -> String? {
    names.max { left, right in
      (RendezvousHash.weight(of: left, for: id), left) < (RendezvousHash.weight(of: right, for: id), right)
    }
  }

  /// FNV-1a of Fowler, Noll and Vo over both, mixed by the last steps of SplitMix64 (Steele, Lea and Flood, 2014).
  /// `Hasher` would not do: its results differ from one process to the next.
  private static func weight(of name: String, for id: String) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    func add(_ byte: UInt8) {
      hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
    }
    for byte in id.utf8 { add(byte) }
    // No byte of UTF-8: tells where the one ends and the other begins.
    add(0xff)
    for byte in name.utf8 { add(byte) }
    hash = (hash ^ (hash >> 30)) &* 0xbf58_476d_1ce4_e5b9
    hash = (hash ^ (hash >> 27)) &* 0x94d0_49bb_1331_11eb
    return hash ^ (hash >> 31)
  }
}
