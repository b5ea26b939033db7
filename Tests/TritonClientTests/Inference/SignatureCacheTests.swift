// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing

@testable import TritonClient

@Suite struct SignatureCacheTests {
  private func signature(onlyVersion: String? = nil) -> ModelSignature {
    ModelSignature(
      model: "m",
      inputs: [.init(tensor: .init(name: "x", dataType: .fp32, shape: [-1]), isOptional: false)],
      outputs: [.init(name: "y", dataType: .fp32, shape: [-1])],
      maximumBatchSize: 0,
      onlyVersion: onlyVersion
    )
  }

  @Test func signaturesAreKeptByModelAndVersion() {
    let cache = SignatureCache()
    let first = cache.remember(self.signature(), of: "m", version: nil)
    cache.remember(self.signature(), of: "m", version: "2")
    #expect(cache.signature(of: "m", version: nil) === first)
    #expect(cache.signature(of: "m", version: "2") !== first)
    #expect(cache.signature(of: "m", version: "3") == nil)
    cache.forget(model: "other")
    #expect(cache.signature(of: "m", version: nil) === first)
    cache.forget(model: "m")
    #expect(cache.signature(of: "m", version: nil) == nil)
    #expect(cache.signature(of: "m", version: "2") == nil)
  }

  @Test func anAnswerOfAnotherVersionDoesNotFit() {
    let cache = SignatureCache()
    let named = cache.remember(self.signature(onlyVersion: "1"), of: "m", version: nil)
    #expect(named.fits(answerOf: "1"))
    #expect(!named.fits(answerOf: "2"))
    let open = cache.remember(self.signature(), of: "m", version: nil)
    #expect(open.fits(answerOf: "3"))
    #expect(!open.fits(answerOf: "4"))
    // Servers other than Triton may leave the version out.
    #expect(open.fits(answerOf: ""))
  }

  @Test func anAcceptanceEndsWithItsSignature() {
    let cache = SignatureCache()
    let other = SignatureCache()
    let acceptance = Acceptance()
    #expect(acceptance.current(in: cache) == nil)
    let signature = cache.remember(self.signature(), of: "m", version: nil)
    acceptance.remember(signature)
    #expect(acceptance.current(in: cache) === signature)
    #expect(acceptance.current(in: other) == nil)
    cache.remember(self.signature(), of: "m", version: nil)
    #expect(acceptance.current(in: cache) == nil)
    acceptance.remember(cache.remember(self.signature(), of: "m", version: nil))
    cache.forget(model: "m")
    #expect(acceptance.current(in: cache) == nil)
  }
}
