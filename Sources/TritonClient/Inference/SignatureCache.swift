// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Synchronization

/// The signatures of the models that a client has used.
final class SignatureCache: Sendable {
  private struct Key: Hashable {
    let model: String
    let version: String?
  }

  private let signatures = Mutex<[Key: ModelSignature]>([:])

  func signature(of request: InferenceRequest) -> ModelSignature? {
    self.signatures.withLock { $0[Key(model: request.model, version: request.version)] }
  }

  func remember(_ signature: ModelSignature, of request: InferenceRequest) {
    self.signatures.withLock { $0[Key(model: request.model, version: request.version)] = signature }
  }

  /// Forgets all versions of a model.
  func forget(model: String) {
    self.signatures.withLock { signatures in
      signatures = signatures.filter { $0.key.model != model }
    }
  }
}
