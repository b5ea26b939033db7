// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import TritonClient

/// Steps, as the tables of operations write them.
enum Step {
  /// A step with its arguments.
  static func call(_ call: String, _ arguments: [String: JSON] = [:]) -> JSON {
    .object(arguments.merging(["call": .string(call)]) { _, call in call })
  }

  /// One request. Without `outputs` it does not say which it wants.
  static func infer(
    _ model: String,
    _ inputs: [JSON],
    outputs: [JSON]? = nil,
    _ arguments: [String: JSON] = [:]
  ) -> JSON {
    var arguments = arguments
    arguments["model"] = .string(model)
    arguments["inputs"] = .array(inputs)
    if let outputs { arguments["outputs"] = .array(outputs) }
    return Step.call("infer", arguments)
  }

  /// Sends a tensor to the model that gives back what it gets; the input and the output are called after the
  /// tensor's type and `suffix`.
  static func mirror(
    _ tensor: JSON,
    suffix: String = "",
    tellsWhatItSaw: Bool = true,
    _ arguments: [String: JSON] = [:]
  ) throws -> JSON {
    let name = try tensor.required("type").string + suffix
    let outputs = [Step.output("OUT_\(name)")] + (tellsWhatItSaw ? [Step.output("SEEN")] : [])
    return Step.infer("mirror", [tensor.named("IN_\(name)")], outputs: outputs, arguments)
  }

  /// Asks the model to tell what it saw of a request with certain properties.
  static func seen(_ arguments: [String: JSON] = [:]) -> JSON {
    Step.infer(
      "mirror",
      [Values.tensor([1.5] as [Float]).named("IN_FP32")],
      outputs: [Step.output("SEEN")],
      arguments
    )
  }

  /// A requested output, as its largest values if `classes` says so.
  static func output(_ name: String, classes: Int? = nil) -> JSON {
    classes.map { ["name": .string(name), "classes": .number($0)] } ?? ["name": .string(name)]
  }

  /// Requests on one stream.
  static func stream(_ requests: [JSON], _ arguments: [String: JSON] = [:]) -> JSON {
    Step.call("stream", arguments.merging(["requests": .array(requests)]) { $1 })
  }

  /// By how much a model's counts move while steps are taken.
  ///
  /// - Parameter until: runs and failures to wait for: the server answers first and counts then.
  static func counted(_ model: String, until: Int, _ steps: JSON...) -> JSON {
    Step.call("counted", ["model": .string(model), "until": .number(until), "steps": .array(steps)])
  }
}

/// Tensors and parameters, as steps write them.
enum Values {
  static func tensor<Element: TensorElement>(_ elements: [Element], shape: [Int]? = nil) -> JSON {
    [
      "type": .string(Element.dataType.name),
      "shape": .array((shape ?? [elements.count]).map(JSON.number)),
      "data": elements.withUnsafeBytes { .bytes($0) },
    ]
  }

  /// Numbers that the client is to convert to a narrower type.
  static func floats(_ elements: [Float], as type: String) -> JSON {
    [
      "type": .string(type), "shape": [.number(elements.count)],
      "data": elements.withUnsafeBytes { .bytes($0) },
    ]
  }

  static func byteStrings(_ elements: [[UInt8]], shape: [Int]? = nil) -> JSON {
    [
      "type": "BYTES",
      "shape": .array((shape ?? [elements.count]).map(JSON.number)),
      "elements": .array(elements.map { .bytes($0) }),
    ]
  }

  static func strings(_ elements: [String]) -> JSON {
    Values.byteStrings(elements.map { Array($0.utf8) })
  }

  static func int(_ value: String) -> JSON { ["int": .string(value)] }
  static func text(_ value: String) -> JSON { ["string": .string(value)] }
  static func flag(_ value: Bool) -> JSON { ["bool": .bool(value)] }
  static func double(_ value: Double) -> JSON { ["double": withUnsafeBytes(of: value) { .bytes($0) }] }
}

extension JSON {
  /// A tensor under a name.
  func named(_ name: String) -> JSON {
    guard case .object(let members) = self else { return self }
    return .object(members.merging(["name": .string(name)]) { $1 })
  }
}
