// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// Results that no peer can give.
enum Expected {
  /// The result of ``Step/seen(_:)``: everything as it is without properties, but for what is given.
  ///
  /// - Parameters:
  ///   - correlationID: the sequence's id as the model is told it.
  ///   - flags: 1 for a sequence's start, 2 for its end.
  ///   - parameters: the parameters, those made of headers among them, as JSON.
  static func seen(correlationID: String = "0", flags: Int = 0, parameters: String = "{}") -> JSON {
    let seen = """
      {"correlation_id": \(correlationID), "flags": \(flags), "id": "", \
      "inputs": {"IN_FP32": {"bytes": "0000c03f", "shape": [1], "type": "float32"}}, "outputs": ["SEEN"], \
      "parameters": \(parameters), "timeout": 0}
      """
    let length = withUnsafeBytes(of: UInt32(seen.utf8.count).littleEndian) { Array($0) }
    return [
      "value": [
        "model": "mirror", "version": "1", "id": "", "parameters": [:],
        "outputs": [
          [
            "name": "SEEN", "type": "BYTES", "shape": [1], "raw": .bytes(length + seen.utf8),
            "elements": [.bytes(seen.utf8)],
          ]
        ],
      ]
    ]
  }
}
