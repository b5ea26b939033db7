// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// Encodes a prompt with a checkpoint's text encoder.
public struct CLIPTextEncode: Node {
  /// The name in workflows.
  public let classType = "CLIPTextEncode"
  /// What it takes.
  public let inputs: [NodeInput] = [.string("text"), .link("clip", .clip)]
  /// What it gives.
  public let outputs = [NodeOutput(.conditioning)]

  /// The node class.
  public init() {}

  /// Does the work.
  public func run(_ arguments: NodeArguments, in context: NodeContext) async throws -> [GraphValue] {
    let encoder = try arguments.value("clip", as: RemoteTextEncoder.self)
    let text = try arguments.string("text")
    let unknown = encoder.tokenizer.unknownCharacters(in: text)
    if !unknown.isEmpty {
      let shown = unknown.prefix(10).map { quoted(String($0)) } + (unknown.count > 10 ? ["others"] : [])
      context.report(
        .warning(
          nodeID: context.nodeID,
          message: "the model's vocabulary does not know \(listed(shown, conjunction: "and")): it will guess")
      )
    }
    return [GraphValue(.conditioning, try await encoder.encode(text, in: context))]
  }
}
