// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// How a model scales its latents against what its VAE works with: model = (vae − shift) · scale.
public struct LatentFormat: Sendable, Hashable {
  /// Channels of a latent, 4 for Stable Diffusion 1.x.
  public var channels: Int
  /// Pixels per latent cell, each way.
  public var scaleFactor: Int
  /// 0.18215 for Stable Diffusion 1.x.
  public var scale: Float
  /// 0 for Stable Diffusion 1.x.
  public var shift: Float

  /// Stable Diffusion 1.x.
  public static let stableDiffusion1 = LatentFormat(channels: 4, scaleFactor: 8, scale: 0.18215, shift: 0)

  /// A format of these figures.
  public init(channels: Int, scaleFactor: Int, scale: Float, shift: Float) {
    self.channels = channels
    self.scaleFactor = scaleFactor
    self.scale = scale
    self.shift = shift
  }

  /// VAE space to model space. An all-zero latent is the mark of "nothing yet" and stays zero.
  public func toModel(_ samples: [Float]) -> [Float] {
    guard samples.contains(where: { $0 != 0 }) else { return samples }
    return samples.map { ($0 - shift) * scale }
  }

  /// Model space to VAE space.
  public func fromModel(_ samples: [Float]) -> [Float] {
    samples.map { $0 / scale + shift }
  }
}
