// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// What a server says about itself and its models, and what it counts.
enum ModelOperations {
  /// Models of Tests/IntegrationTests/models, of every kind that there is.
  private static let models: [JSON] = [
    "mirror", "batched", "script", "accumulate", "countdown", "echo", "spare", "chain",
  ]

  static var all: [Operation] {
    [
      Operation("server live", Step.call("server_live")),
      Operation("server ready", Step.call("server_ready")),
      Operation("server metadata", Step.call("server_metadata")),
      Operation("model ready", steps: self.aboutEachModel("model_ready")),
      Operation(
        "model ready: versions that are and are not",
        Step.call("model_ready", ["model": "batched", "version": "1"]),
        Step.call("model_ready", ["model": "batched", "version": "2"]),
        Step.call("model_ready", ["model": "batched", "version": "3"])
      ),
      Operation("model ready: unknown model", Step.call("model_ready", ["model": "nowhere"])),
      Operation(
        "model ready: a version that is no number",
        Step.call("model_ready", ["model": "mirror", "version": "x"])
      ),
      Operation("model metadata", steps: self.aboutEachModel("model_metadata")),
      Operation("model configuration", steps: self.aboutEachModel("model_configuration")),
      Operation("names with statistics", Step.call("statistics_names")),
      Operation("names with statistics: one model", Step.call("statistics_names", ["model": "batched"])),
      Operation(
        "names with statistics: one version",
        Step.call("statistics_names", ["model": "batched", "version": "3"])
      ),
      Operation("statistics: nothing happens", Step.counted("mirror", until: 0, Step.call("server_live"))),
      Operation(
        "statistics: answers", Step.counted("mirror", until: 3, Step.seen(), Step.seen(), Step.seen())),
      Operation(
        "statistics: failures",
        Step.counted(
          "mirror", until: 2, Step.seen(["parameters": ["mirror_error": Values.text("INTERNAL")]]),
          Step.seen(),
          Step.infer("mirror", [Values.tensor([1] as [Float]).named("IN_FP64")])
        )
      ),
      Operation(
        "statistics: versions",
        Step.counted("batched", until: 3, self.product("1"), self.product("3"), self.product("3"))
      ),
      Operation(
        "statistics: batches",
        Step.counted(
          "batched", until: 1,
          Step.infer(
            "batched", [Values.tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [3, 2]).named("SCORES")])
        )
      ),
      Operation(
        "statistics: a stream",
        Step.counted(
          "script", until: 1,
          Step.stream([
            Step.infer(
              "script", [Values.strings(["answer 1", "answer 2", "final"]).named("ACTIONS")], ["id": "a"])
          ])
        )
      ),
      Operation(
        "statistics: an ensemble", Step.counted("chain", until: 1, self.chain),
        Step.counted("batched", until: 1, self.chain)),
    ]
  }

  private static let chain = Step.infer(
    "chain", [Values.tensor([1, 2] as [Float], shape: [1, 2]).named("X")])

  private static func product(_ version: JSON) -> JSON {
    Step.infer(
      "batched", [Values.tensor([1, 2] as [Float], shape: [1, 2]).named("SCORES")], ["version": version])
  }

  private static func aboutEachModel(_ call: String) -> [JSON] {
    self.models.map { Step.call(call, ["model": $0]) }
  }
}
