// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// Everything that a request can carry beside its tensors.
enum RequestOperations {
  static var all: [Operation] {
    self.identity + self.parameters + self.priorities + self.outputs + self.transport
  }

  private static var identity: [Operation] {
    [
      Operation("request id", Step.seen(["id": "a request"]), Step.seen(["id": "日本 \n\t\""]), Step.seen()),
      Operation("request id: long", Step.seen(["id": .string(String(repeating: "id ", count: 1_000))])),
      Operation("model version", self.scored(["version": "1"]), self.scored(["version": "3"]), self.scored()),
    ]
  }

  private static let parameters: [Operation] = [
    Operation("parameters: none", Step.seen()),
    Operation(
      "parameters: every kind",
      Step.seen([
        "parameters": [
          "yes": Values.flag(true), "no": Values.flag(false), "text": Values.text("x"),
          "whole": Values.int("-7"), "real": Values.double(0.1),
        ]
      ])
    ),
    Operation(
      "parameters: whole numbers at their limits",
      Step.seen([
        "parameters": [
          "least": Values.int("\(Int64.min)"), "most": Values.int("\(Int64.max)"), "zero": Values.int("0"),
          "past doubles": Values.int("9007199254740993"),
        ]
      ])
    ),
    Operation(
      "parameters: real numbers",
      Step.seen([
        "parameters": [
          "minus zero": Values.double(-0.0), "smallest": Values.double(.leastNonzeroMagnitude),
          "largest": Values.double(.greatestFiniteMagnitude), "third": Values.double(1 / 3),
          "whole": Values.double(3),
        ]
      ])
    ),
    Operation(
      "parameters: infinities and NaN",
      Step.seen(["parameters": ["inf": Values.double(.infinity), "minus": Values.double(-.infinity)]]),
      Step.seen(["parameters": ["nan": Values.double(.nan)]])
    ),
    Operation(
      "parameters: texts and names",
      Step.seen([
        "parameters": [
          "empty": Values.text(""), "": Values.text("a name without letters"), "näme": Values.text("日本語 🎨"),
          "lines": Values.text("a\nb\t\"c\"\\"), "zero": Values.text("a\0b"),
          "long": Values.text(String(repeating: "x", count: 10_000)),
        ]
      ])
    ),
    Operation(
      "parameters: a thousand",
      Step.seen([
        "parameters": .object(
          Dictionary(uniqueKeysWithValues: (0..<1_000).map { ("p\($0)", Values.int("\($0)")) }))
      ])
    ),
    Operation(
      "parameters: reserved names",
      steps: [
        "sequence_id", "sequence_start", "sequence_end", "priority", "timeout", "headers",
        "binary_data_output", "triton_anything", "triton_enable_empty_final_response",
      ].map { Step.seen(["parameters": .object([$0: Values.int("1")])]) }
    ),
  ]

  private static var priorities: [Operation] {
    [
      Operation(
        "priority: the refusing queue, the patient one, one that is not there",
        self.scored(["priority": "1"]), self.scored(["priority": "2"]), self.scored(["priority": "3"]),
        self.scored(["priority": "9223372036854775808"]), self.scored(["priority": "18446744073709551615"])
      ),
      Operation("priority: a model without a queue", Step.seen(["priority": "5"])),
      Operation(
        "queue timeout: what the model is told",
        Step.seen(["queue_timeout_us": "1"]), Step.seen(["queue_timeout_us": "12345678"]),
        Step.seen(["queue_timeout_us": "9223372036854775"])
      ),
      Operation(
        "queue timeout: longer than three hundred years",
        Step.seen(["queue_timeout_us": "9223372036854775807"])
      ),
      Operation(
        "queue timeout: with a priority",
        self.scored(["priority": "1", "queue_timeout_us": "1000000"]),
        self.scored(["priority": "2", "queue_timeout_us": "1000000"])
      ),
      Operation(
        "queue timeout: negative", Step.seen(["queue_timeout_us": "-1"]),
        expecting: ["error": ["code": "LOCAL"]],
        because: "tritonclient sends it and the server hands it on; nothing waits for less than no time"
      ),
    ]
  }

  private static var outputs: [Operation] {
    [
      Operation("outputs: one of two", self.mirrored("OUT_FP32"), self.mirrored("SEEN")),
      Operation(
        "outputs: in both orders", self.mirrored("OUT_FP32", "OUT_INT32"),
        self.mirrored("OUT_INT32", "OUT_FP32")),
      Operation("outputs: an input that is not asked back", self.mirrored("OUT_INT32", "SEEN")),
      Operation("outputs: one that the model does not give", self.mirrored("OUT_BOOL")),
      Operation("outputs: the same one twice", self.mirrored("OUT_FP32", "OUT_FP32")),
      Operation(
        "classification",
        steps: [1, 2, 3, 4, 100].map { count in
          Step.infer(
            "batched", [self.scores], outputs: [Step.output("PRODUCT", classes: count)], ["version": "1"])
        }
      ),
      Operation(
        "classification: ties, infinities, NaN",
        Step.infer(
          "batched",
          [Values.tensor([1, 1, -.infinity, .infinity] as [Float], shape: [1, 4]).named("SCORES")],
          outputs: [Step.output("PRODUCT", classes: 4)]
        )
      ),
      Operation(
        "classification: without a batch",
        Step.infer(
          "mirror", [Values.tensor([5, -1, 7] as [Float]).named("IN_FP32")],
          outputs: [Step.output("OUT_FP32", classes: 2)]
        )
      ),
      Operation(
        "classification: every type",
        steps: [
          Values.tensor([3, 1, 2] as [UInt8]), Values.tensor([3, 1, 2] as [UInt64]),
          Values.tensor([3, 1, 2] as [Int16]), Values.tensor([3, -1, 2] as [Int64]),
          Values.tensor([3, 1, 2] as [Double]), Values.tensor([true, false]),
          Values.floats([3, 1, 2], as: "FP16"), Values.floats([3, 1, 2], as: "BF16"),
        ].map { tensor in
          let type = (try? tensor["type"]?.string) ?? ""
          return Step.infer(
            "mirror", [tensor.named("IN_\(type)")], outputs: [Step.output("OUT_\(type)", classes: 2)])
        }
      ),
    ]
  }

  private static var transport: [Operation] {
    [
      Operation(
        "headers",
        Step.seen(["headers": ["x-conformance-one": "1", "x-conformance-two": "two words, = ; \"~\""]]),
        Step.seen()
      ),
      Operation("headers: an empty value", Step.seen(["headers": ["x-conformance-empty": ""]])),
      Operation(
        "headers: a name in capitals",
        Step.seen(["headers": ["X-Conformance-Capitals": "1"]]),
        expecting: Expected.seen(parameters: #"{"x-conformance-capitals": "1"}"#),
        because: "tritonclient hands it to gRPC, which refuses it; HTTP/2 has lower-case names only"
      ),
      Operation("compression: gzip", self.large("gzip")),
      Operation("compression: deflate", self.large("deflate")),
      Operation("compression: an empty tensor", self.emptied("gzip"), self.emptied("deflate")),
      Operation(
        "timeout: too short",
        Step.seen(["timeout_ms": 100, "parameters": ["mirror_sleep_ms": Values.int("300")]])),
      Operation(
        "timeout: long enough",
        Step.seen(["timeout_ms": 20_000, "parameters": ["mirror_sleep_ms": Values.int("50")]])
      ),
    ]
  }

  private static let scores = Values.tensor(
    [1, 3, 2, 9, 3, 1, 0.5, -1, 0, 0.25, 0.125, 1e10] as [Float], shape: [3, 4]
  ).named("SCORES")

  private static func scored(_ arguments: [String: JSON] = [:]) -> JSON {
    Step.infer("batched", [self.scores], arguments)
  }

  private static func mirrored(_ outputs: String...) -> JSON {
    Step.infer(
      "mirror",
      [Values.tensor([1] as [Float]).named("IN_FP32"), Values.tensor([2] as [Int32]).named("IN_INT32")],
      outputs: outputs.map { Step.output($0) }
    )
  }

  private static func large(_ compression: JSON) -> JSON {
    let values = (0..<100_000).map { Int32($0 % 1_000) }
    return Step.infer(
      "mirror", [Values.tensor(values).named("IN_INT32")], outputs: [Step.output("OUT_INT32")],
      ["compression": compression])
  }

  private static func emptied(_ compression: JSON) -> JSON {
    Step.infer(
      "mirror", [Values.tensor([] as [Float]).named("IN_FP32")], outputs: [Step.output("OUT_FP32")],
      ["compression": compression])
  }
}
