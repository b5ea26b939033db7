// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import Synchronization
import TritonClient

/// A tensor to be sent and expected back.
struct SoakMessage: Sendable {
  /// Bytes of the tensor.
  let byteCount: Int

  private let tensor: Tensor
  private let prepared: PreparedRequest

  private static let idCount = Atomic<Int>(0)

  /// Messages from nothing to 3 MiB, the small ones first.
  static func ofAllSizes() throws -> [SoakMessage] {
    try [0, 1, 7, 64, 250, 1_000, 4_000, 16_384, 65_000, 262_144, 1_000_000, 3 << 20].map(SoakMessage.init)
  }

  private init(byteCount: Int) throws {
    var generator = SplitMix64(state: UInt64(byteCount))
    let tensor = Tensor((0..<byteCount).map { _ in UInt8.random(in: 0...255, using: &generator) })
    self.byteCount = byteCount
    self.tensor = tensor
    self.prepared = try PreparedRequest(InferenceRequest(model: "echo", inputs: ["x": tensor]))
  }

  /// A request with what is to go wrong.
  func request(id: String = "", _ faults: [String: InferenceParameter] = [:]) -> InferenceRequest {
    var request = InferenceRequest(model: "echo", id: id, inputs: ["x": self.tensor])
    request.parameters = faults
    return request
  }

  /// The request without faults, encoded anew or once and for all.
  func encoded(isPrepared: Bool) throws -> PreparedRequest {
    isPrepared ? self.prepared : try PreparedRequest(self.request())
  }

  /// An identifier that no other call has: the server counts the attempts of each.
  static func uniqueID() -> String {
    "soak \(SoakMessage.idCount.add(1, ordering: .relaxed).newValue)"
  }

  /// Whether an answer is what was sent, and how it ended.
  func outcome(of response: InferenceResponse) -> SoakOutcome {
    guard let output = response.outputs["x"], response.outputs.count == 1 else {
      return .wrong("the outputs \(response.outputs.names)")
    }
    guard output.dataType == .uint8, output.shape == [self.byteCount] else { return .wrong("\(output)") }
    let isSame = self.tensor.withUnsafeBytes { sent in
      output.withUnsafeBytes { received in
        guard let sent = sent.baseAddress, let address = received.baseAddress else { return received.isEmpty }
        return received.count == self.byteCount && memcmp(sent, address, received.count) == 0
      }
    }
    return isSame ? .answered : .wrong("other bytes than were sent")
  }
}
