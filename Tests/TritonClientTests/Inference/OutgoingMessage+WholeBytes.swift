// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import TritonClient

extension OutgoingMessage {
  /// The message as the server gets it.
  var wholeBytes: [UInt8] {
    self.pieces.flatMap { $0.pieces.buffers.flatMap(Array.init) }
  }
}
