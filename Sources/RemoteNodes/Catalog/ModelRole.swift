// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// What a model on the server does for a pipeline. Roles this library does not know are kept.
public struct ModelRole: Sendable, Hashable, CustomStringConvertible {
  /// The value of the model's `role` parameter.
  public let name: String

  /// The role of that name.
  public init(_ name: String) {
    self.name = name
  }

  /// Token numbers to embeddings.
  public static let textEncoder = ModelRole("text_encoder")
  /// Noisy latents to a prediction: the UNet.
  public static let denoiser = ModelRole("denoiser")
  /// Latents to pixels.
  public static let vaeDecoder = ModelRole("vae_decoder")
  /// Pixels to latents.
  public static let vaeEncoder = ModelRole("vae_encoder")
  /// Hands out the tokenizer's files.
  public static let tokenizer = ModelRole("tokenizer")

  /// The name.
  public var description: String { name }
}
