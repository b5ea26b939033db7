// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// Streams: models that answer any number of times, and failures within a stream.
enum StreamOperations {
  static var all: [Operation] {
    [
      Operation("no request", Step.stream([])),
      Operation("one answer with the mark of the end", Step.stream([self.script("a", "final answer 1")])),
      Operation("one answer, then the mark of the end", Step.stream([self.script("a", "answer 1", "final")])),
      Operation("no answer", Step.stream([self.script("a", "final")])),
      Operation(
        "many answers",
        Step.stream([self.script("a", (0..<500).map { "answer \($0)" } + ["final"])])
      ),
      Operation(
        "none, one and many answers",
        Step.stream([
          self.script("none", "final"), self.script("one", "final answer 1"),
          self.script("three", "answer 1", "answer 2", "answer 3", "final"),
          self.script("none again", "final"),
        ])
      ),
      Operation(
        "an error between answers",
        Step.stream([self.script("a", "answer 1", "error INTERNAL", "answer 2", "final")])
      ),
      Operation(
        "an error at the end, another request after it",
        Step.stream([
          self.script("a", "answer 1", "final error NOT_FOUND"), self.script("b", "answer 2", "final"),
        ])
      ),
      Operation("an error as the only answer", Step.stream([self.script("a", "final error UNSUPPORTED")])),
      Operation("an unknown model", Step.stream([Step.infer("nowhere", [], ["id": "b"])])),
      // With pauses: Triton 2.51 aborts now and then when a stream has a request of a decoupled model under way and
      // at the same time one of another model, or one that it refuses.
      Operation(
        "an unknown model between requests",
        Step.stream(
          [
            self.script("a", "final answer 1"), Step.infer("nowhere", [], ["id": "b"]),
            self.script("c", "final answer 2"),
          ],
          ["pause_ms": 100]
        )
      ),
      Operation(
        "a wrong shape between requests",
        Step.stream(
          [
            self.script("a", "final answer 1"),
            Step.infer("script", [Values.byteStrings([[1]], shape: [1, 1]).named("ACTIONS")], ["id": "b"]),
            self.script("c", "final answer 2"),
          ], ["pause_ms": 100])
      ),
      Operation(
        "an error that ends the stream",
        Step.stream(
          [self.script("a", "final error UNAVAILABLE")], ["headers": ["triton_grpc_error": "true"]])
      ),
      Operation(
        "an unknown model that ends the stream",
        Step.stream([Step.infer("nowhere", [], ["id": "b"])], ["headers": ["triton_grpc_error": "true"]])
      ),
      Operation(
        "models that answer once",
        Step.stream(
          (0..<20).map {
            Step.infer("mirror", [Values.tensor([Int32($0)]).named("IN_INT32")], ["id": .string("\($0)")])
          }
        )
      ),
      Operation(
        "several models on one stream",
        Step.stream(
          [
            self.script("a", "answer 1", "final"), self.mirrored("b"), self.script("c", "final answer 2"),
            Step.infer(
              "batched", [Values.tensor([1] as [Float], shape: [1, 1]).named("SCORES")], ["id": "d"]),
          ],
          ["pause_ms": 100])
      ),
      Operation(
        "everything that a request can carry",
        Step.stream(
          [
            Step.seen([
              "id": "all", "priority": "2", "queue_timeout_us": "1000000",
              "parameters": ["text": Values.text("x"), "real": Values.double(0.5)],
            ])
          ],
          ["headers": ["x-conformance-stream": "1"]]
        )
      ),
      Operation(
        "outputs and classifications",
        Step.stream([
          Step.infer(
            "batched", [Values.tensor([1, 4, 2] as [Float], shape: [1, 3]).named("SCORES")],
            outputs: [Step.output("PRODUCT", classes: 2)], ["id": "a", "version": "1"])
        ])
      ),
      Operation(
        "compression: gzip", Step.stream([self.large("a"), self.large("b")], ["compression": "gzip"])),
      Operation(
        "compression: deflate", Step.stream([self.large("a"), self.large("b")], ["compression": "deflate"])),
      Operation("more than gRPC's usual 4 MiB", Step.stream([self.large("a", count: 1_100_000)])),
      Operation(
        "a model that is slower than the timeout",
        Step.stream([self.script("a", "sleep 400", "final answer 1")], ["timeout_ms": 100])
      ),
      Operation(
        "requests without an id",
        Step.stream([
          Step.infer("script", [Values.strings(["answer 1", "final"]).named("ACTIONS")])
        ]),
        expecting: [
          "value": [
            "answers": ["1": [self.answer(1, id: "1", final: false), self.end(id: "1")]],
            "errors": [], "ending": nil,
          ]
        ],
        because: "our stream gives requests without an id their number, so that answers can be told apart"
      ),
    ]
  }

  /// An answer of the model "script" as both clients tell it.
  private static func answer(_ value: Int32, id: String, final: Bool) -> JSON {
    let bytes = withUnsafeBytes(of: value) { JSON.bytes($0) }
    return [
      "model": "script", "version": "1", "id": .string(id), "final": .bool(final),
      "parameters": ["triton_final_response": Values.flag(final)],
      "outputs": [["name": "VALUE", "type": "INT32", "shape": [1], "raw": bytes, "elements": bytes]],
    ]
  }

  /// The mark of the end alone; the server leaves out the version.
  private static func end(id: String) -> JSON {
    [
      "model": "script", "version": "", "id": .string(id), "final": true,
      "parameters": ["triton_final_response": Values.flag(true)], "outputs": [],
    ]
  }

  private static func script(_ id: String, _ actions: String...) -> JSON {
    self.script(id, actions)
  }

  private static func script(_ id: String, _ actions: [String]) -> JSON {
    Step.infer("script", [Values.strings(actions).named("ACTIONS")], ["id": .string(id)])
  }

  private static func mirrored(_ id: JSON) -> JSON {
    Step.infer("mirror", [Values.tensor([1] as [Float]).named("IN_FP32")], ["id": id])
  }

  private static func large(_ id: JSON, count: Int = 100_000) -> JSON {
    let values = (0..<count).map { Int32($0 % 1_000) }
    return Step.infer("mirror", [Values.tensor(values).named("IN_INT32")], ["id": id])
  }
}
