// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// The pipelines that a server has.
public struct ModelCatalog: Sendable, Hashable {
  /// The address of the server, for messages.
  public let server: String
  /// The pipelines, by name.
  public let pipelines: [Pipeline]
  /// Models that belong to no pipeline.
  public let otherModels: [ModelReference]
  /// Models that the server has but cannot use now, each with the reason.
  public let unavailableModels: [String: String]

  /// Sorts models into pipelines by their parameters `pipeline`, `role` and `family`.
  ///
  /// - Parameters:
  ///   - server: its address, for messages.
  ///   - models: the models that are ready.
  ///   - unavailableModels: names of the others, each with its state and reason.
  public init(server: String, models: [ModelReference], unavailableModels: [String: String] = [:]) {
    self.server = server
    self.unavailableModels = unavailableModels
    var members: [String: [(role: ModelRole, model: ModelReference)]] = [:]
    var others: [ModelReference] = []
    for model in models.sorted(by: { $0.name < $1.name }) {
      if let pipeline = model.parameters["pipeline"], let role = model.parameters["role"] {
        members[pipeline, default: []].append((ModelRole(role), model))
      } else {
        others.append(model)
      }
    }
    otherModels = others
    pipelines = members.sorted { $0.key < $1.key }.map { name, members in
      let byRole = Dictionary(grouping: members, by: \.role)
      return Pipeline(
        name: name,
        family: members.compactMap { $0.model.parameters["family"] }.first ?? "",
        models: byRole.compactMapValues(\.first?.model),
        ambiguousModels: byRole.filter { $0.value.count > 1 }.mapValues { $0.map(\.model.name) },
        unavailableModels: unavailableModels.filter { $0.key.hasPrefix(name) })
    }
  }

  /// The pipeline that a workflow's checkpoint name means.
  ///
  /// Folders and the extension do not matter: "sdxl/sd_xl_base_1.0.safetensors" is the pipeline
  /// "sd_xl_base_1.0". Upper and lower case do not matter where that leaves one.
  ///
  /// - Throws: `GraphError` (`.unknownCheckpoint`) that names near misses, or all pipelines there are.
  public func pipeline(named name: String) throws -> Pipeline {
    let stem = Self.stem(of: name)
    if let exact = pipelines.first(where: { $0.name == name }) ?? pipelines.first(where: { $0.name == stem })
    {
      return exact
    }
    let folded = pipelines.filter { Self.stem(of: $0.name).lowercased() == stem.lowercased() }
    if let only = folded.first, folded.count == 1 { return only }

    let names = pipelines.map(\.name)
    let near = folded.isEmpty ? nearMatches(to: stem, among: names) : folded.map(\.name)
    let hint =
      names.isEmpty
      ? "it has no pipelines at all" + (unavailableModels.isEmpty ? "" : " that are ready")
      : near.isEmpty
        ? "it has \(listed(names.map(quoted), conjunction: "and"))"
        : "did you mean \(listed(near.map(quoted)))?"
    throw GraphError(.unknownCheckpoint, "the server \(server) has no checkpoint \(quoted(name)): \(hint)")
  }

  private static let extensions: Set<String> = [
    "safetensors", "ckpt", "pt", "pth", "bin", "sft", "gguf", "onnx",
  ]

  /// The last part of a path without the extension of a model file. Other dots belong to the name.
  static func stem(of name: String) -> String {
    let last =
      name.split(omittingEmptySubsequences: true) { $0 == "/" || $0 == "\\" }.last.map(String.init) ?? name
    guard let dot = last.lastIndex(of: "."), dot != last.startIndex,
      extensions.contains(last[last.index(after: dot)...].lowercased())
    else { return last }
    return String(last[..<dot])
  }
}
