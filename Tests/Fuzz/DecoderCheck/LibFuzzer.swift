// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// Checks one input of libFuzzer's; ends the process over a fault.
@_cdecl("decoder_check")
func decoderCheck(_ bytes: UnsafePointer<UInt8>?, _ count: Int) {
  do {
    try DecoderCheck.run(UnsafeBufferPointer(start: bytes, count: count))
  } catch {
    fatalError("\(error)")
  }
}
