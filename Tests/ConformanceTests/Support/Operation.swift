// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing

/// Something that any client can be asked to do: steps taken one after the other by the same client.
///
/// A client's account of an operation is one result for each step, `{"value": …}` or `{"error": …}`. A step that
/// fails does not end the operation.
struct Operation: Sendable, CustomTestStringConvertible {
  /// What our account is compared with.
  enum Reference: Sendable {
    /// That of PyPI's tritonclient, on the same server.
    case peer
    /// What the protocol or the server's sources say, where the peer cannot do it; with the reason.
    case facts(because: String, [JSON])
  }

  let name: String
  let steps: [JSON]
  let reference: Reference

  init(_ name: String, _ steps: JSON...) {
    self.init(name, steps: steps)
  }

  init(_ name: String, steps: [JSON]) {
    self.name = name
    self.steps = steps
    self.reference = .peer
  }

  /// An operation that the peer cannot take part in.
  init(_ name: String, _ steps: JSON..., expecting results: JSON..., because reason: String) {
    self.name = name
    self.steps = steps
    self.reference = .facts(because: reason, results)
  }

  var testDescription: String { self.name }
}
