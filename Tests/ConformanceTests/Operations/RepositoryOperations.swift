// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation

/// Models that come and go.
enum RepositoryOperations {
  static var all: [Operation] {
    [
      Operation("index", Step.call("repository_index"), Step.call("repository_index", ["ready": true])),
      Operation("load a model that is loaded", Step.call("load_model", ["model": "spare"]), self.index),
      Operation(
        "load with another configuration, unload, load",
        Step.call("load_model", ["model": "spare", "config": .string(self.otherConfiguration)]),
        Step.call("model_configuration", ["model": "spare"]), Step.call("model_metadata", ["model": "spare"]),
        self.unload("spare"), self.settle("spare"), Step.call("model_ready", ["model": "spare"]), self.index,
        Step.call("repository_index", ["ready": true]), Step.call("model_metadata", ["model": "spare"]),
        Step.infer("spare", [self.count]), Step.stream([Step.infer("spare", [self.count], ["id": "a"])]),
        Step.call("statistics_names", ["model": "spare"]), Step.call("load_model", ["model": "spare"]),
        self.index,
        Step.call("model_configuration", ["model": "spare"]),
        Step.stream([Step.infer("spare", [self.count], ["id": "a"])])
      ),
      Operation(
        "load from files sent along",
        Step.call("load_model", self.sentModel),
        Step.call("model_metadata", ["model": "conformance_sent"]), self.index,
        Step.infer("conformance_sent", [Values.tensor([1, 2] as [Float]).named("IN_FP32")]),
        self.unload("conformance_sent"), self.settle("conformance_sent"), self.index,
        Step.infer("conformance_sent", [Values.tensor([1, 2] as [Float]).named("IN_FP32")])
      ),
      Operation(
        "files without a configuration",
        Step.call("load_model", ["model": "conformance_sent", "files": ["1/model.py": ""]]),
        expecting: ["error": ["code": "LOCAL"]],
        because: "tritonclient sends it, and the server says only that it failed to poll the repository"
      ),
      Operation("load an unknown model", Step.call("load_model", ["model": "nowhere"])),
      Operation(
        "load with a configuration that is no JSON",
        Step.call("load_model", ["model": "spare", "config": "{"])),
      Operation(
        "load with a configuration of an unknown backend",
        Step.call("load_model", self.wrongModel(backend: "nothing", code: "")), self.index
      ),
      Operation(
        "load files that are wrong",
        Step.call("load_model", self.wrongModel(backend: "python", code: "x = (")), self.index
      ),
      Operation("unload an unknown model", self.unload("nowhere")),
      Operation(
        "unload an ensemble alone",
        self.unload("chain"), self.settle("chain"), self.index, Step.call("load_model", ["model": "chain"]),
        self.index
      ),
      // What was loaded by its own name stays: so the model must come with the ensemble before it can go with it.
      Operation(
        "unload an ensemble with its dependents",
        self.unload("chain"), self.settle("chain"), self.unload("batched"), self.settle("batched"),
        Step.call("load_model", ["model": "chain"]), self.index,
        Step.call("unload_model", ["model": "chain", "dependents": true]), self.settle("chain"),
        self.settle("batched"), self.index,
        Step.infer("batched", [Values.tensor([1] as [Float], shape: [1, 1]).named("SCORES")]),
        Step.call("load_model", ["model": "chain"]), self.unload("chain"), self.settle("chain"), self.index,
        Step.call("load_model", ["model": "batched"]), Step.call("load_model", ["model": "chain"]),
        self.index,
        Step.infer("chain", [Values.tensor([1] as [Float], shape: [1, 1]).named("X")])
      ),
    ]
  }

  private static let index = Step.call("repository_index")

  private static func unload(_ model: JSON) -> JSON { Step.call("unload_model", ["model": model]) }
  private static func settle(_ model: JSON) -> JSON { Step.call("await_unloaded", ["model": model]) }

  private static let count = Values.tensor([1] as [Int32]).named("COUNT")

  private static let otherConfiguration = """
    {"backend": "python", "max_batch_size": 0, "parameters": {"origin": {"string_value": "näher"}},
     "model_transaction_policy": {"decoupled": true},
     "input": [{"name": "COUNT", "data_type": "TYPE_INT32", "dims": [-1], "optional": true}],
     "output": [{"name": "LEFT", "data_type": "TYPE_INT32", "dims": [1]}]}
    """

  private static func configuration(backend: String) -> JSON {
    .string(
      """
      {"backend": "\(backend)", "max_batch_size": 0,
       "input": [{"name": "IN_FP32", "data_type": "TYPE_FP32", "dims": [-1]}],
       "output": [{"name": "OUT_FP32", "data_type": "TYPE_FP32", "dims": [-1]}],
       "instance_group": [{"kind": "KIND_CPU", "count": 1}]}
      """
    )
  }

  private static var sentModel: [String: JSON] {
    let file = ConformanceServer.models.appendingPathComponent("mirror/1/model.py")
    return [
      "model": "conformance_sent", "config": self.configuration(backend: "python"),
      "files": ["1/model.py": .bytes((try? Data(contentsOf: file)) ?? Data())],
    ]
  }

  private static func wrongModel(backend: String, code: String) -> [String: JSON] {
    [
      "model": "conformance_wrong", "config": self.configuration(backend: backend),
      "files": ["1/model.py": .bytes(code.utf8)],
    ]
  }
}
