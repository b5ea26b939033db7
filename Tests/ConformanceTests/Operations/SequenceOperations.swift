// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation

/// Requests that a model treats as one conversation, one by one and on a stream.
enum SequenceOperations {
  static var all: [Operation] {
    [
      Operation(
        "start, middle, end",
        self.add(1, to: "101", start: true), self.add(2, to: "101"), self.add(3, to: "101", end: true)
      ),
      Operation("one request that is both", self.add(7, to: "102", start: true, end: true)),
      Operation("without a start", self.add(7, to: "103")),
      Operation(
        "after its end",
        self.add(1, to: "104", start: true), self.add(2, to: "104", end: true), self.add(3, to: "104")
      ),
      Operation(
        "started again",
        self.add(1, to: "105", start: true), self.add(2, to: "105", start: true),
        self.add(3, to: "105", end: true)
      ),
      Operation(
        "two at a time",
        self.add(1, to: "106", start: true), self.add(10, to: "107", start: true), self.add(2, to: "106"),
        self.add(20, to: "107"), self.add(3, to: "106", end: true), self.add(30, to: "107", end: true)
      ),
      Operation(
        "ids at their limits",
        self.add(1, to: "1", start: true, end: true),
        self.add(1, to: "4294967296", start: true, end: true),
        self.add(1, to: "9223372036854775807", start: true, end: true)
      ),
      Operation(
        "an id past the signed numbers",
        Step.seen(["sequence": ["id": ["int": "18446744073709551615"], "start": true, "end": false]]),
        expecting: Expected.seen(correlationID: "18446744073709551615", flags: 1),
        because: "tritonclient cannot send it; the protocol's field is signed and means the same 64 bits"
      ),
      Operation(
        "id 0",
        Step.infer("accumulate", [self.value(1)], self.place(["int": "0"], start: true, end: true)),
        expecting: ["error": ["code": "LOCAL"]],
        because: "tritonclient drops the flags with the id and sends a request outside of any sequence"
      ),
      Operation(
        "an empty id",
        Step.infer("accumulate", [self.value(1)], self.place(["string": ""], start: true, end: true)),
        expecting: ["error": ["code": "LOCAL"]],
        because: "tritonclient drops the flags with the id and sends a request outside of any sequence"
      ),
      Operation("no sequence at all", Step.infer("accumulate", [self.value(1)])),
      Operation(
        "what a model is told",
        Step.seen(self.place(["int": "5"], start: true)), Step.seen(self.place(["int": "5"])),
        Step.seen(self.place(["int": "5"], end: true)),
        Step.seen(self.place(["string": "fünf"], start: true, end: true))
      ),
      Operation(
        "a string where the model has numbers",
        Step.infer("accumulate", [self.value(4)], self.place(["string": "four"], start: true, end: true))
      ),
      Operation("string ids", steps: self.named),
      Operation(
        "on a stream",
        Step.stream([
          self.add(1, to: "111", start: true, id: "a"), self.add(2, to: "111", id: "b"),
          self.add(10, to: "112", start: true, id: "c"), self.add(3, to: "111", end: true, id: "d"),
          self.add(20, to: "112", end: true, id: "e"),
        ])
      ),
      Operation(
        "without a start on a stream",
        Step.stream([
          self.add(1, to: "113", id: "a"), self.add(2, to: "114", start: true, end: true, id: "b"),
        ])
      ),
    ]
  }

  /// A model whose ids are strings, loaded for this. Triton takes only ids of 128 characters for such a model: it
  /// hands shorter ones on as two strings and then refuses them.
  private static var named: [JSON] {
    let file = ConformanceServer.models.appendingPathComponent("accumulate/1/model.py")
    let configuration = """
      {"backend": "python", "max_batch_size": 8,
       "sequence_batching": {"oldest": {"max_candidate_sequences": 4}, "control_input": [
         {"name": "START", "control": [{"kind": "CONTROL_SEQUENCE_START", "fp32_false_true": [0, 1]}]},
         {"name": "CORRELATION", "control": [{"kind": "CONTROL_SEQUENCE_CORRID", "data_type": "TYPE_STRING"}]}]},
       "input": [{"name": "VALUE", "data_type": "TYPE_INT32", "dims": [1]}],
       "output": [{"name": "SUM", "data_type": "TYPE_INT32", "dims": [1]}],
       "instance_group": [{"kind": "KIND_CPU", "count": 1}]}
      """
    let model: JSON = "conformance_named"
    let full = String(repeating: "n", count: 128)
    func add(_ value: Int32, _ id: String, start: Bool = false, end: Bool = false) -> JSON {
      Step.infer(
        "conformance_named", [self.value(value)], self.place(["string": .string(id)], start: start, end: end))
    }
    return [
      Step.call(
        "load_model",
        [
          "model": model, "config": .string(configuration),
          "files": ["1/model.py": .bytes((try? Data(contentsOf: file)) ?? Data())],
        ]
      ),
      add(1, full, start: true), add(2, full), add(3, full, end: true), add(4, full),
      add(1, full + "n", start: true), add(1, "short", start: true),
      Step.call("unload_model", ["model": model]), Step.call("await_unloaded", ["model": model]),
    ]
  }

  private static func value(_ value: Int32) -> JSON {
    Values.tensor([value], shape: [1, 1]).named("VALUE")
  }

  private static func place(_ id: JSON, start: Bool = false, end: Bool = false) -> [String: JSON] {
    ["sequence": ["id": id, "start": .bool(start), "end": .bool(end)]]
  }

  private static func add(
    _ value: Int32,
    to sequence: String,
    start: Bool = false,
    end: Bool = false,
    id: String = ""
  ) -> JSON {
    var arguments = self.place(["int": .string(sequence)], start: start, end: end)
    if !id.isEmpty { arguments["id"] = .string(id) }
    return Step.infer("accumulate", [self.value(value)], arguments)
  }
}
