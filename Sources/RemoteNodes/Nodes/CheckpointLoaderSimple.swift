// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// Finds a checkpoint on the server: its denoiser, text encoder and VAE. Nothing is loaded here; the server
/// has it.
public struct CheckpointLoaderSimple: Node {
  /// The name in workflows.
  public let classType = "CheckpointLoaderSimple"
  /// What it takes.
  public let inputs: [NodeInput] = [.choice("ckpt_name", [])]
  /// What it gives.
  public let outputs = [NodeOutput(.model), NodeOutput(.clip), NodeOutput(.vae)]

  /// The families whose pipelines this version can run.
  static let families = ["sd1"]

  /// The node class.
  public init() {}

  /// Checks what can be checked before anything runs.
  public func validate(_ arguments: NodeArguments, catalog: ModelCatalog) throws {
    let pipeline = try catalog.pipeline(named: try arguments.string("ckpt_name"))
    guard Self.families.contains(pipeline.family) else {
      throw GraphError(
        .invalidModel,
        "the pipeline \(quoted(pipeline.name)) is of the family \(quoted(pipeline.family)); supported: "
          + listed(Self.families, conjunction: "and"))
    }
    for role in [ModelRole.textEncoder, .tokenizer, .denoiser, .vaeDecoder] {
      _ = try pipeline.model(for: role)
    }
    _ = try pipeline.denoiserParameters()
  }

  /// Does the work.
  public func run(_ arguments: NodeArguments, in context: NodeContext) async throws -> [GraphValue] {
    let pipeline = try context.catalog.pipeline(named: try arguments.string("ckpt_name"))
    return [
      GraphValue(.model, try RemoteUNet(client: context.client, pipeline: pipeline)),
      GraphValue(
        .clip,
        try await RemoteTextEncoder(
          client: context.client, pipeline: pipeline, tokenizers: context.tokenizers, in: context)),
      GraphValue(.vae, try RemoteVAE(client: context.client, pipeline: pipeline)),
    ]
  }
}
