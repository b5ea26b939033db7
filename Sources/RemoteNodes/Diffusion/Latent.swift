// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// A batch of latents in VAE space, what a workflow's LATENT links carry.
public struct Latent: Sendable, Hashable {
  /// Pictures in the batch.
  public let batch: Int
  /// Channels of each.
  public let channels: Int
  /// Rows of cells.
  public let height: Int
  /// Columns of cells.
  public let width: Int
  /// [batch, channels, height, width] in row-major order.
  public var samples: [Float] {
    didSet { precondition(samples.count == elementCount, "a latent keeps its element count") }
  }

  /// Zeros: a picture from nothing.
  public init(batch: Int, channels: Int, height: Int, width: Int) {
    self.batch = batch
    self.channels = channels
    self.height = height
    self.width = width
    samples = [Float](repeating: 0, count: batch * channels * height * width)
  }

  /// Elements in all.
  public var elementCount: Int { batch * channels * height * width }
  /// Elements of one picture's latent.
  public var elementsPerItem: Int { channels * height * width }
  /// [batch, channels, height, width]
  public var shape: [Int] { [batch, channels, height, width] }

  /// An all-zero latent made without knowing the model gets the model's channel count; any other is returned
  /// as it is, or refused.
  ///
  /// - Throws: `GraphError` (`.invalidInput`) where a latent with content has other channels than the model.
  func adapted(toChannels wanted: Int) throws -> Latent {
    if channels == wanted { return self }
    guard samples.allSatisfy({ $0 == 0 }) else {
      throw GraphError(
        .invalidInput,
        "the latent has \(channels) channels and the model works on \(wanted): it was made by another model's VAE"
      )
    }
    return Latent(batch: batch, channels: wanted, height: height, width: width)
  }
}
