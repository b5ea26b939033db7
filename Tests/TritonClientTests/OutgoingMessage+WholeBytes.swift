// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import TritonClient

extension OutgoingMessage {
  /// The message as the server gets it.
  var wholeBytes: [UInt8] {
    self.pieces.flatMap { piece in
      switch piece {
      case .bytes(let bytes): bytes
      case .tensor(let storage): storage.pieces.buffers.flatMap(Array.init)
      }
    }
  }
}
