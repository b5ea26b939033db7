// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// The type of what a link carries or an input holds. More may be added: a node may define its own.
public struct ValueType: Sendable, Hashable, CustomStringConvertible {
  /// ComfyUI's name of the type, "LATENT" for example.
  public let name: String

  /// The type of that name.
  public init(_ name: String) {
    self.name = name
  }

  /// A denoiser: `RemoteUNet`.
  public static let model = ValueType("MODEL")
  /// A text encoder: `RemoteTextEncoder`.
  public static let clip = ValueType("CLIP")
  /// A variational autoencoder: `RemoteVAE`.
  public static let vae = ValueType("VAE")
  /// An encoded prompt: `Conditioning`.
  public static let conditioning = ValueType("CONDITIONING")
  /// Latents: `Latent`.
  public static let latent = ValueType("LATENT")
  /// Pictures: `ImageBatch`.
  public static let image = ValueType("IMAGE")
  /// A whole number: `Int128`, so that seeds up to 2^64 − 1 fit beside negative numbers.
  public static let integer = ValueType("INT")
  /// A number: `Double`.
  public static let number = ValueType("FLOAT")
  /// A text: `String`.
  public static let string = ValueType("STRING")
  /// One text of a list: `String`.
  public static let choice = ValueType("COMBO")
  /// True or false: `Bool`.
  public static let boolean = ValueType("BOOLEAN")

  /// The name.
  public var description: String { name }
}

/// What a link carries: a type and its content.
public struct GraphValue: Sendable {
  /// The type of the content.
  public let type: ValueType
  /// The content, in the Swift type that the value type documents.
  public let content: any Sendable

  /// A value of the given type.
  public init(_ type: ValueType, _ content: any Sendable) {
    self.type = type
    self.content = content
  }
}
