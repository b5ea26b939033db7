// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Synchronization

/// The signatures of the models that a client has used.
final class SignatureCache: Sendable {
  private struct Key: Hashable {
    let model: String
    let version: String?
  }

  private static let cacheCount = Atomic<UInt64>(0)

  /// Tells this cache from all others of the process.
  let id = SignatureCache.cacheCount.wrappingAdd(1, ordering: .relaxed).newValue

  private let signatures = Mutex<[Key: CachedSignature]>([:])

  func signature(of model: String, version: String?) -> CachedSignature? {
    self.signatures.withLock { $0[Key(model: model, version: version)] }
  }

  /// Keeps a signature in the place of the one that was known.
  @discardableResult
  func remember(_ signature: ModelSignature, of model: String, version: String?) -> CachedSignature {
    let cached = CachedSignature(signature, cacheID: self.id)
    let former = self.signatures.withLock { signatures in
      let key = Key(model: model, version: version)
      defer { signatures[key] = cached }
      return signatures[key]
    }
    former?.expire()
    return cached
  }

  /// Forgets all versions of a model.
  func forget(model: String) {
    let forgotten = self.signatures.withLock { signatures in
      let forgotten = signatures.filter { $0.key.model == model }
      for key in forgotten.keys { signatures[key] = nil }
      return forgotten
    }
    for signature in forgotten.values { signature.expire() }
  }
}

/// A signature as long as a client believes in it.
final class CachedSignature: Sendable {
  let value: ModelSignature
  private let cacheID: UInt64
  private let isExpired = Atomic(false)
  private let answeringVersion: Mutex<String?>

  init(_ value: ModelSignature, cacheID: UInt64) {
    self.value = value
    self.cacheID = cacheID
    self.answeringVersion = Mutex(value.onlyVersion)
  }

  /// Whether a cache still holds this signature.
  func isCurrent(in cache: SignatureCache) -> Bool {
    self.cacheID == cache.id && !self.isExpired.load(ordering: .relaxed)
  }

  func expire() {
    self.isExpired.store(true, ordering: .relaxed)
  }

  /// Whether an answer of a version may come from the model that the signature is of. The first answer says which
  /// version that is, where the metadata named several.
  func fits(answerOf version: String) -> Bool {
    guard !version.isEmpty else { return true }
    return self.answeringVersion.withLock { known in
      if known == nil { known = version }
      return known == version
    }
  }
}

/// The signature that a prepared request was last found to fit, so that it need not be compared again.
final class Acceptance: Sendable {
  private let signature = Mutex<CachedSignature?>(nil)

  func current(in cache: SignatureCache) -> CachedSignature? {
    self.signature.withLock { signature in
      guard let known = signature, known.isCurrent(in: cache) else { return nil }
      return known
    }
  }

  func remember(_ signature: CachedSignature) {
    self.signature.withLock { $0 = signature }
  }
}
