// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import TritonClient

/// Steps that have a model compute.
extension OurClient {
  func infer(_ step: JSON) async throws -> JSON {
    let response = try await self.client.infer(Self.request(step), options: Self.options(step))
    return try Canonical.response(response)
  }

  /// The answers by their request's id, in their order; errors; how the stream ended.
  func stream(_ step: JSON) async throws -> JSON {
    var answers: [String: [JSON]] = [:]
    var errors: [JSON] = []
    var ending = JSON.null
    let requests = try step.required("requests").elements.map(Self.request)
    let pause = Duration.milliseconds(try step["pause_ms"]?.integer ?? 0)
    do {
      for try await part in self.client.stream(
        Self.sequence(of: requests, pause: pause), options: try Self.options(step))
      {
        switch part.result {
        case .success(let response):
          var answer = try Canonical.response(response).members
          answer["final"] = .bool(part.isFinal)
          answers[part.requestID, default: []].append(.object(answer))
        case .failure(let error):
          // The id that we have besides is no part of the account: the peer has none.
          errors.append(.string(error.status?.message ?? error.message))
        }
      }
    } catch let error as InferenceError {
      ending = Canonical.error(error)
    }
    return ["answers": .object(answers.mapValues(JSON.array)), "errors": .array(errors), "ending": ending]
  }

  /// Requests with a pause after each.
  private static func sequence(of requests: [InferenceRequest], pause: Duration) -> AsyncStream<
    InferenceRequest
  > {
    let (sequence, continuation) = AsyncStream.makeStream(of: InferenceRequest.self)
    Task {
      for request in requests {
        continuation.yield(request)
        if pause > .zero { try await Task.sleep(for: pause) }
      }
      continuation.finish()
    }
    return sequence
  }

  private static func options(_ step: JSON) throws -> CallOptions {
    var options = CallOptions()
    options.headers = try step["headers"]?.members.mapValues { try $0.string } ?? [:]
    if let milliseconds = step["timeout_ms"] { options.timeout = .milliseconds(try milliseconds.integer) }
    switch try step["compression"]?.string {
    case "gzip": options.compression = .gzip
    case "deflate": options.compression = .deflate
    default: break
    }
    return options
  }

  private static func request(_ step: JSON) throws -> InferenceRequest {
    var request = InferenceRequest(
      model: try step.required("model").string,
      version: try step["version"]?.string,
      id: try step["id"]?.string ?? ""
    )
    for input in try step.required("inputs").elements {
      request.inputs[try input.required("name").string] = try self.tensor(input)
    }
    for output in try step["outputs"]?.elements ?? [] {
      let name = try output.required("name").string
      request.outputs.append(name)
      if let classes = output["classes"] { request.classifications[name] = try classes.integer }
    }
    request.priority = try step["priority"].flatMap { UInt64(try $0.string) }
    request.queueTimeout = try step["queue_timeout_us"].flatMap { Int64(try $0.string) }
      .map(Duration.microseconds)
    request.parameters = try step["parameters"]?.members.mapValues(self.parameter) ?? [:]
    if let sequence = step["sequence"] {
      request.sequence = SequenceMembership(
        id: try self.sequenceID(try sequence.required("id")),
        isStart: try sequence.required("start").boolean,
        isEnd: try sequence.required("end").boolean
      )
    }
    return request
  }

  private static func sequenceID(_ value: JSON) throws -> SequenceMembership.Identifier {
    if let text = value["string"] { return .string(try text.string) }
    let text = try value.required("int")
    guard let number = UInt64(try text.string) else { throw JSON.Mismatch(expected: "an id", found: text) }
    return .integer(number)
  }

  private static func parameter(_ value: JSON) throws -> InferenceParameter {
    if let flag = value["bool"] { return .bool(try flag.boolean) }
    if let text = value["string"] { return .string(try text.string) }
    if let bits = value["double"] {
      return .double(try bits.data.withUnsafeBytes { $0.loadUnaligned(as: Double.self) })
    }
    let text = try value.required("int")
    guard let number = Int64(try text.string) else { throw JSON.Mismatch(expected: "a number", found: text) }
    return .int(number)
  }

  /// A tensor of an operation: its elements as bytes; of FP16 and BF16 as the FP32 to convert.
  private static func tensor(_ input: JSON) throws -> Tensor {
    let shape = try input.required("shape").elements.map { try $0.integer }
    if let elements = input["elements"] {
      return try Tensor(byteStrings: elements.elements.map { Array(try $0.data) }, shape: shape)
    }
    let data = try input.required("data").data
    let type = try input.required("type")
    return switch DataType(name: try type.string) {
    case .fp16?: try Tensor(floats: self.array(data), shape: shape, as: .fp16)
    case .bf16?: try Tensor(floats: self.array(data), shape: shape, as: .bf16)
    case .bool?: try Tensor(self.array(data) as [Bool], shape: shape)
    case .uint8?: try Tensor(self.array(data) as [UInt8], shape: shape)
    case .uint16?: try Tensor(self.array(data) as [UInt16], shape: shape)
    case .uint32?: try Tensor(self.array(data) as [UInt32], shape: shape)
    case .uint64?: try Tensor(self.array(data) as [UInt64], shape: shape)
    case .int8?: try Tensor(self.array(data) as [Int8], shape: shape)
    case .int16?: try Tensor(self.array(data) as [Int16], shape: shape)
    case .int32?: try Tensor(self.array(data) as [Int32], shape: shape)
    case .int64?: try Tensor(self.array(data) as [Int64], shape: shape)
    case .fp32?: try Tensor(self.array(data) as [Float], shape: shape)
    case .fp64?: try Tensor(self.array(data) as [Double], shape: shape)
    default: throw JSON.Mismatch(expected: "a data type", found: type)
    }
  }

  /// Elements as they lie in memory.
  private static func array<Element: TensorElement>(_ data: Data) -> [Element] {
    data.withUnsafeBytes { bytes in
      (0..<bytes.count / MemoryLayout<Element>.stride).map {
        bytes.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Element>.stride, as: Element.self)
      }
    }
  }
}
