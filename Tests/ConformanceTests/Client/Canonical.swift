// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import TritonClient

/// The canonical JSON of what TritonClient gives. Tests/Support/conformance makes the same of tritonclient's types.
///
/// Bytes are in base64, so that equal text means equal bits. Numbers that JSON may round are decimal strings.
enum Canonical {
  static func response(_ response: InferenceResponse) throws -> JSON {
    [
      "model": .string(response.model),
      "version": .string(response.version),
      "id": .string(response.id),
      "parameters": .object(response.parameters.mapValues(Canonical.parameter)),
      "outputs": .array(try response.outputs.map { try Canonical.output($0.name, $0.tensor) }),
    ]
  }

  private static func parameter(_ parameter: InferenceParameter) -> JSON {
    switch parameter {
    case .bool(let value): ["bool": .bool(value)]
    case .int(let value): ["int": .string("\(value)")]
    case .string(let value): ["string": .string(value)]
    case .double(let value): ["double": withUnsafeBytes(of: value) { .bytes($0) }]
    }
  }

  /// The bytes that arrived, and what the typed ways to read them make of them.
  private static func output(_ name: String, _ tensor: Tensor) throws -> JSON {
    var facts: [String: JSON] = [
      "name": .string(name),
      "type": .string(tensor.dataType.name),
      "shape": .array(tensor.shape.map(JSON.number)),
      "raw": tensor.withUnsafeBytes { .bytes($0) },
    ]
    switch tensor.dataType {
    case .bytes: facts["elements"] = .array(try tensor.byteStrings().map { .bytes($0) })
    case .fp16, .bf16: facts["floats"] = try tensor.floats().withUnsafeBytes { .bytes($0) }
    default: facts["elements"] = try Canonical.elements(of: tensor)
    }
    return .object(facts)
  }

  private static func elements(of tensor: Tensor) throws -> JSON {
    func bytes<Element: TensorElement>(_ type: Element.Type) throws -> JSON {
      try tensor.array(of: type).withUnsafeBytes { .bytes($0) }
    }
    return switch tensor.dataType {
    case .bool: try bytes(Bool.self)
    case .uint8: try bytes(UInt8.self)
    case .uint16: try bytes(UInt16.self)
    case .uint32: try bytes(UInt32.self)
    case .uint64: try bytes(UInt64.self)
    case .int8: try bytes(Int8.self)
    case .int16: try bytes(Int16.self)
    case .int32: try bytes(Int32.self)
    case .int64: try bytes(Int64.self)
    case .fp32: try bytes(Float.self)
    case .fp64: try bytes(Double.self)
    default: throw JSON.Mismatch(expected: "a type with elements", found: .string(tensor.dataType.name))
    }
  }

  /// The gRPC code and the server's text; LOCAL when the client refused to send.
  static func error(_ error: InferenceError) -> JSON {
    guard let status = error.status else {
      return ["code": error.code == .deadlineExceeded ? "DEADLINE_EXCEEDED" : "LOCAL"]
    }
    let code = JSON.string(status.code.description)
    // The text of this one comes from the gRPC library of the client.
    return status.code == .deadlineExceeded
      ? ["code": code] : ["code": code, "text": .string(status.message)]
  }

  static func metadata(_ metadata: ServerMetadata) -> JSON {
    [
      "name": .string(metadata.name),
      "version": .string(metadata.version),
      "extensions": .array(metadata.extensions.map(JSON.string)),
    ]
  }

  static func metadata(_ metadata: ModelMetadata) -> JSON {
    func tensors(_ described: [TensorMetadata]) -> JSON {
      .array(
        described.map {
          [
            "name": .string($0.name), "type": .string($0.dataType.name),
            "shape": .array($0.shape.map(JSON.number)),
          ]
        }
      )
    }
    return [
      "name": .string(metadata.name),
      "versions": .array(metadata.versions.map(JSON.string)),
      "platform": .string(metadata.platform),
      "inputs": tensors(metadata.inputs),
      "outputs": tensors(metadata.outputs),
    ]
  }

  static func configuration(_ configuration: ModelConfiguration) -> JSON {
    func tensors(_ described: [ModelConfiguration.TensorConfiguration]) -> JSON {
      .array(
        described.map {
          [
            "name": .string($0.name), "type": .string($0.dataType.name),
            "dims": .array($0.dimensions.map(JSON.number)), "optional": .bool($0.isOptional),
          ]
        }
      )
    }
    return [
      "name": .string(configuration.name),
      "platform": .string(configuration.platform),
      "backend": .string(configuration.backend),
      "max_batch_size": .number(configuration.maximumBatchSize),
      "inputs": tensors(configuration.inputs),
      "outputs": tensors(configuration.outputs),
      "dynamic_batching": .bool(configuration.usesDynamicBatching),
      "decoupled": .bool(configuration.isDecoupled),
      "parameters": .object(configuration.parameters.mapValues(JSON.string)),
    ]
  }

  /// How often everything happened; how long it took is another time every time.
  static func counts(of statistics: ModelStatistics, since earlier: ModelStatistics?) -> JSON {
    func moved(_ count: (ModelStatistics) -> Int) -> JSON {
      .number(count(statistics) - (earlier.map(count) ?? 0))
    }
    return [
      "inference_count": moved(\.inferenceCount),
      "execution_count": moved(\.executionCount),
      "success": moved(\.success.count),
      "fail": moved(\.failure.count),
      "queue": moved(\.queue.count),
      "compute_input": moved(\.computeInput.count),
      "compute_infer": moved(\.computeInference.count),
      "compute_output": moved(\.computeOutput.count),
      "cache_hit": moved(\.cacheHit.count),
      "cache_miss": moved(\.cacheMiss.count),
    ]
  }

  static func index(_ entries: [RepositoryEntry]) -> JSON {
    let sorted = entries.sorted { ($0.name, $0.version ?? "") < ($1.name, $1.version ?? "") }
    return .array(
      sorted.map {
        [
          "name": .string($0.name), "version": .string($0.version ?? ""),
          "state": .string($0.state.name), "reason": .string($0.reason),
        ]
      }
    )
  }

  static func settings(_ settings: [String: [String]]) -> JSON {
    .object(settings.mapValues { .array($0.map(JSON.string)) })
  }

  static func settings(_ settings: [String: LogSetting]) -> JSON {
    .object(
      settings.mapValues { setting in
        switch setting {
        case .bool(let flag): ["bool": .bool(flag)]
        case .level(let level): ["level": .string("\(level)")]
        case .string(let text): ["string": .string(text)]
        }
      }
    )
  }

  static func regions(_ regions: [SystemSharedMemoryRegistration]) -> JSON {
    .object(
      Dictionary(
        uniqueKeysWithValues: regions.map {
          (
            $0.name,
            [
              "name": .string($0.name), "key": .string($0.key), "offset": .number($0.offset),
              "bytes": .number($0.byteCount),
            ]
          )
        }
      )
    )
  }

  static func regions(_ regions: [CUDASharedMemoryRegistration]) -> JSON {
    .object(
      Dictionary(
        uniqueKeysWithValues: regions.map {
          (
            $0.name,
            ["name": .string($0.name), "device": .number($0.deviceID), "bytes": .number($0.byteCount)]
          )
        }
      )
    )
  }
}
