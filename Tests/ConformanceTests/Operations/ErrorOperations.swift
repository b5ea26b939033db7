// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// Wrong requests: the same code and the same text for both clients.
enum ErrorOperations {
  static var all: [Operation] {
    self.wrongModels + self.wrongTensors + self.failures
  }

  private static let float = Values.tensor([1] as [Float])

  private static var wrongModels: [Operation] {
    [
      Operation("unknown model", Step.infer("nowhere", [self.float.named("X")])),
      Operation("no model", Step.infer("", [self.float.named("X")])),
      Operation("unknown version", Step.infer("mirror", [self.float.named("IN_FP32")], ["version": "7"])),
      Operation(
        "a version that is no number",
        steps: ["x", "-1", "0", "1.0", "99999999999999999999"].map {
          Step.infer("mirror", [self.float.named("IN_FP32")], ["version": $0])
        }
      ),
      Operation("metadata of an unknown model", Step.call("model_metadata", ["model": "nowhere"])),
      Operation(
        "metadata of an unknown version", Step.call("model_metadata", ["model": "mirror", "version": "7"])),
      Operation(
        "metadata of a wrong version", Step.call("model_metadata", ["model": "mirror", "version": "x"])),
      Operation("configuration of an unknown model", Step.call("model_configuration", ["model": "nowhere"])),
      Operation(
        "configuration of an unknown version",
        Step.call("model_configuration", ["model": "mirror", "version": "7"])
      ),
      Operation("statistics of an unknown model", Step.call("statistics_names", ["model": "nowhere"])),
      Operation(
        "statistics of an unknown version",
        Step.call("statistics_names", ["model": "mirror", "version": "7"])
      ),
      Operation(
        "a decoupled model asked for one answer",
        Step.infer("script", [Values.strings(["final"]).named("ACTIONS")])
      ),
    ]
  }

  private static var wrongTensors: [Operation] {
    [
      Operation("wrong type", Step.infer("mirror", [Values.tensor([1] as [Double]).named("IN_FP32")])),
      Operation(
        "wrong type of the same width", Step.infer("mirror", [Values.tensor([1] as [Int32]).named("IN_FP32")])
      ),
      Operation("text for numbers", Step.infer("mirror", [Values.strings(["1"]).named("IN_FP32")])),
      Operation("too many dimensions", Step.infer("mirror", [self.shaped([1, 1], "IN_FP32")])),
      Operation("too few dimensions", Step.infer("mirror", [self.shaped([1], "IN_FP32_RANK2")])),
      Operation("a scalar", Step.infer("mirror", [self.shaped([], "IN_FP32")])),
      Operation(
        "a wrong size of a fixed dimension",
        Step.infer(
          "accumulate", [Values.tensor([1, 2] as [Int32], shape: [1, 2]).named("VALUE")], self.inSequence)
      ),
      Operation("a missing input", Step.infer("batched", [])),
      Operation(
        "no input where all may be missing", Step.infer("mirror", [], outputs: [Step.output("SEEN")])),
      Operation("an unknown input", Step.infer("mirror", [self.float.named("NOTHING")])),
      Operation(
        "an unknown input among known ones",
        Step.infer("mirror", [self.float.named("IN_FP32"), self.float.named("NOTHING")])
      ),
      Operation(
        "an unknown output",
        Step.infer("mirror", [self.float.named("IN_FP32")], outputs: [Step.output("NOTHING")])
      ),
      Operation(
        "an unknown output among known ones",
        Step.infer(
          "mirror", [self.float.named("IN_FP32")],
          outputs: [Step.output("OUT_FP32"), Step.output("NOTHING")])
      ),
      Operation(
        "an unknown output as a classification",
        Step.infer("mirror", [self.float.named("IN_FP32")], outputs: [Step.output("NOTHING", classes: 1)])
      ),
      Operation("a batch that is too large", Step.infer("batched", [self.shaped([5, 1], "SCORES")])),
      Operation("a batch of none", Step.infer("batched", [self.shaped([0, 1], "SCORES")])),
      Operation("a batch without elements", Step.infer("batched", [self.shaped([2, 0], "SCORES")])),
      Operation("no batch", Step.infer("batched", [self.shaped([3], "SCORES")])),
    ]
  }

  private static let failures: [Operation] =
    [
      "ALREADY_EXISTS", "CANCELLED", "INTERNAL", "INVALID_ARG", "NOT_FOUND", "UNAVAILABLE", "UNKNOWN",
      "UNSUPPORTED",
    ].map { code in
      Operation(
        "a model that fails with \(code)",
        Step.seen(["parameters": ["mirror_error": Values.text(code)]])
      )
    } + [
      Operation(
        "a model that raises",
        Step.seen(["parameters": ["mirror_error": Values.text("NO_SUCH_CODE")]])
      )
    ]

  private static let inSequence: [String: JSON] = [
    "sequence": ["id": ["int": "900"], "start": true, "end": true]
  ]

  private static func shaped(_ shape: [Int], _ name: String) -> JSON {
    Values.tensor([Float](repeating: 1, count: shape.reduce(1, *)), shape: shape).named(name)
  }
}
