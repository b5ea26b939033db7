// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// Turns latents into pictures.
public struct VAEDecode: Node {
  /// The name in workflows.
  public let classType = "VAEDecode"
  /// What it takes.
  public let inputs: [NodeInput] = [.link("samples", .latent), .link("vae", .vae)]
  /// What it gives.
  public let outputs = [NodeOutput(.image)]

  /// The node class.
  public init() {}

  /// Does the work.
  public func run(_ arguments: NodeArguments, in context: NodeContext) async throws -> [GraphValue] {
    let vae = try arguments.value("vae", as: RemoteVAE.self)
    return [GraphValue(.image, try await vae.decode(try arguments.value("samples"), in: context))]
  }
}
