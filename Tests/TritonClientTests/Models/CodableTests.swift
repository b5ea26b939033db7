// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import Testing

@testable import TritonClient

/// Descriptions as JSON, in the words that servers use over HTTP.
@Suite struct CodableTests {
  private func decode<Value: Decodable>(_ json: String, as type: Value.Type = Value.self) throws -> Value {
    try JSONDecoder().decode(type, from: Data(json.utf8))
  }

  /// What comes of a value on its way to JSON and back.
  private func copy<Value: Codable>(_ value: Value) throws -> Value {
    try JSONDecoder().decode(Value.self, from: JSONEncoder().encode(value))
  }

  @Test func dataTypesAreTheirNames() throws {
    #expect(try self.copy(DataType.all) == DataType.all)
    #expect(try self.decode(#"["FP32", "TYPE_STRING", "TYPE_BF16"]"#) == [DataType.fp32, .bytes, .bf16])
    #expect(throws: DecodingError.self) { try self.decode(#"["FP31"]"#, as: [DataType].self) }
  }

  @Test func metadataAreTheProtocols() throws {
    let metadata = try self.decode(
      """
      {"name": "unet", "versions": ["1", "2"], "platform": "onnxruntime_onnx",
       "inputs": [{"name": "x", "datatype": "FP16", "shape": [-1, 4]}],
       "outputs": [{"name": "y", "datatype": "BYTES", "shape": []}]}
      """,
      as: ModelMetadata.self
    )
    #expect(metadata.versions == ["1", "2"])
    #expect(metadata.inputs == [TensorMetadata(name: "x", dataType: .fp16, shape: [-1, 4])])
    #expect(metadata.outputs.first?.shape == [])
    #expect(try self.copy(metadata) == metadata)
    #expect(try self.decode(#"{"name": "m"}"#, as: ModelMetadata.self).inputs.isEmpty)
  }

  @Test func entriesOfARepositoryMayBeShort() throws {
    let entries = try self.decode(
      #"[{"name": "a"}, {"name": "b", "version": "1", "state": "UNAVAILABLE", "reason": "unloaded"}]"#,
      as: [RepositoryEntry].self
    )
    #expect(entries.map(\.state) == [.notLoaded, .unavailable])
    #expect(entries.map(\.version) == [nil, "1"])
    #expect(try self.copy(entries) == entries)
  }

  @Test func parametersAndSettingsAreBareValues() throws {
    let parameters: [String: InferenceParameter] = ["a": true, "b": 7, "c": "x", "d": 0.5]
    #expect(try self.copy(parameters) == parameters)
    let settings: [String: LogSetting] = ["a": true, "b": 7, "c": "x"]
    #expect(try self.copy(settings) == settings)
  }

  @Test func aConfigurationIsReadFromTritonsJSON() throws {
    let configuration = try self.decode(
      """
      {"name": "m", "backend": "python", "max_batch_size": 8, "version_policy": {"specific": {"versions": ["1", 3]}},
       "input": [{"name": "x", "data_type": "TYPE_INT64", "dims": ["-1", 4], "optional": true,
                  "reshape": {"shape": [2]}, "allow_ragged_batch": true}],
       "output": [{"name": "y", "data_type": "TYPE_STRING", "dims": [1], "label_filename": "labels.txt"}],
       "instance_group": [{"name": "g", "kind": "KIND_GPU", "count": 2, "gpus": [0, 1], "passive": true}],
       "dynamic_batching": {"preferred_batch_size": [4, 8], "max_queue_delay_microseconds": "100",
         "preserve_ordering": true, "priority_levels": 2, "default_priority_level": 1,
         "default_queue_policy": {"timeout_action": "DELAY", "default_timeout_microseconds": 5000,
           "allow_timeout_override": true, "max_queue_size": 16},
         "priority_queue_policy": {"2": {"max_queue_size": 3}}},
       "parameters": {"role": {"string_value": "denoiser"}},
       "model_transaction_policy": {"decoupled": true}, "response_cache": {"enable": true}, "future": [1]}
      """,
      as: ModelConfiguration.self
    )
    #expect(configuration.versionPolicy == .specific([1, 3]))
    let input = try #require(configuration.inputs.first)
    #expect(input.dimensions == [-1, 4])
    #expect(input.isOptional && input.allowsRaggedBatch)
    #expect(input.reshape == [2])
    #expect(configuration.outputs.first?.labelFilename == "labels.txt")
    #expect(configuration.outputs.first?.dataType == .bytes)
    let group = try #require(configuration.instanceGroups.first)
    #expect(group.kind == .gpu)
    #expect(group.gpus == [0, 1])
    #expect(group.count == 2 && group.isPassive)
    let batching = try #require(configuration.dynamicBatching)
    #expect(batching.preferredBatchSizes == [4, 8])
    #expect(batching.maximumQueueDelay == .microseconds(100))
    #expect(batching.priorityLevelCount == 2)
    #expect(batching.defaultQueuePolicy?.delaysOnTimeout == true)
    #expect(batching.defaultQueuePolicy?.defaultTimeout == .milliseconds(5))
    #expect(batching.queuePolicies[2]?.maximumSize == 3)
    #expect(batching.queuePolicies[2]?.delaysOnTimeout == false)
    #expect(configuration.usesDynamicBatching)
    #expect(configuration.isDecoupled)
    #expect(configuration.usesResponseCache)
    #expect(configuration.parameters == ["role": "denoiser"])
    #expect(try self.copy(configuration) == configuration)
  }

  @Test func sequencesAndEnsemblesAreReadToo() throws {
    let stateful = try self.decode(
      """
      {"name": "m", "sequence_batching": {"max_sequence_idle_microseconds": 10000000,
        "oldest": {"max_candidate_sequences": 4, "preferred_batch_size": [2], "max_queue_delay_microseconds": 7},
        "control_input": [{"name": "START", "control": [{"kind": "CONTROL_SEQUENCE_START"}]}],
        "state": [{"input_name": "i", "output_name": "o", "data_type": "TYPE_FP32", "dims": [-1]}],
        "iterative_sequence": true}}
      """,
      as: ModelConfiguration.self
    )
    let batching = try #require(stateful.sequenceBatching)
    #expect(
      batching.strategy
        == .oldest(
          maximumCandidateSequences: 4, preferredBatchSizes: [2], maximumQueueDelay: .microseconds(7)))
    #expect(batching.maximumIdleTime == .seconds(10))
    #expect(batching.controlInputs.map(\.kinds) == [["CONTROL_SEQUENCE_START"]])
    #expect(batching.states.map(\.outputName) == ["o"])
    #expect(batching.isIterative)
    #expect(try self.copy(stateful) == stateful)

    let ensemble = try self.decode(
      """
      {"name": "e", "version_policy": {"all": {}}, "ensemble_scheduling": {"step": [
        {"model_name": "a", "model_version": "-1", "input_map": {"x": "in"}, "output_map": {"y": "mid"}},
        {"model_name": "b", "model_version": 2}]}}
      """,
      as: ModelConfiguration.self
    )
    #expect(ensemble.isEnsemble)
    #expect(ensemble.versionPolicy == .all)
    #expect(ensemble.ensembleSteps.map(\.version) == [nil, 2])
    #expect(ensemble.ensembleSteps.first?.outputs == ["y": "mid"])
    #expect(try self.copy(ensemble) == ensemble)
  }

  @Test func clientStatisticsComeBack() throws {
    var statistics = InferenceStatistics()
    let now = MonotonicInstant.now
    statistics.count(
      CallTiming(
        encodeBegin: now, encodeEnd: now + .nanoseconds(5), sendBegin: now + .nanoseconds(6),
        receiveEnd: now + .seconds(1), decodeEnd: now + .seconds(2), attempts: 1,
        transport: TransportInstants()))
    #expect(try self.copy(statistics) == statistics)
  }
}
