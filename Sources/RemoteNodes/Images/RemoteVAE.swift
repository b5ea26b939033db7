// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

public import TritonClient

/// A variational autoencoder on the server: what a workflow's VAE links carry.
public struct RemoteVAE: Sendable {
  /// The server.
  public let client: InferenceServerClient
  /// The model that turns latents into pixels.
  public let decoder: ModelReference
  /// Channels and size of its latents.
  public let latentFormat: LatentFormat

  /// A VAE of these parts.
  public init(client: InferenceServerClient, decoder: ModelReference, latentFormat: LatentFormat) {
    self.client = client
    self.decoder = decoder
    self.latentFormat = latentFormat
  }

  /// The VAE of a pipeline.
  ///
  /// - Throws: `GraphError` where the pipeline lacks a model or describes it badly.
  public init(client: InferenceServerClient, pipeline: Pipeline) throws {
    self.init(
      client: client, decoder: try pipeline.model(for: .vaeDecoder),
      latentFormat: try pipeline.denoiserParameters().latentFormat)
  }

  /// Decodes latents (VAE space) to pictures with values 0 … 1: clamp((v + 1)/2).
  ///
  /// - Parameters:
  ///   - latent: the latents.
  ///   - context: the node that asks, whose run then waits for a server that is away; nil outside a run.
  /// - Throws: `InferenceError`; `GraphError`: `.invalidInput` for latents of another model,
  ///   `.invalidModel` where the answer has another shape than [batch, 3, height, width].
  public func decode(_ latent: Latent, in context: NodeContext? = nil) async throws -> ImageBatch {
    let latent = try latent.adapted(toChannels: latentFormat.channels)
    let height = latent.height * latentFormat.scaleFactor
    let width = latent.width * latentFormat.scaleFactor
    var values: [Float] = []
    values.reserveCapacity(latent.batch * height * width * 3)
    for rows in decoder.batches(of: latent.batch) {
      let elements = rows.lowerBound * latent.elementsPerItem..<rows.upperBound * latent.elementsPerItem
      var request = InferenceRequest(model: decoder.name)
      request.inputs = [
        "latent_sample": try Tensor(
          shape: [rows.count, latent.channels, latent.height, latent.width], of: Float.self
        ) { buffer in
          _ = buffer.initialize(fromContentsOf: latent.samples[elements])
        }
      ]
      request.outputs = ["sample"]
      let sample = try await client.infer(request, in: context).output("sample")
      let expected = [rows.count, 3, height, width]
      guard sample.shape == expected else {
        throw GraphError(
          .invalidModel,
          "the model \(quoted(decoder.name)) answered \(sample) as sample; expected FP32 \(expected)")
      }
      try sample.withElements(of: Float.self) { planes in
        Self.append(planes, count: rows.count, pixels: height * width, to: &values)
      }
    }
    return try ImageBatch(count: latent.batch, height: height, width: width, values: values)
  }

  /// Planes of −1 … 1, colour by colour, to pixels of 0 … 1.
  private static func append(
    _ planes: UnsafeBufferPointer<Float>, count: Int, pixels: Int, to values: inout [Float]
  ) {
    for picture in 0..<count {
      let red = picture * 3 * pixels
      for pixel in red..<(red + pixels) {
        for channel in 0..<3 {
          values.append(min(max((planes[pixel + channel * pixels] + 1) / 2, 0), 1))
        }
      }
    }
  }
}
