// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

public import TritonClient

/// A denoising network on the server: what a workflow's MODEL links carry.
public struct RemoteUNet: Sendable {
  /// The server.
  public let client: InferenceServerClient
  /// The model that predicts.
  public let model: ModelReference
  /// What it predicts, on which noise levels, in which latents.
  public let parameters: DenoiserParameters

  /// A network of these parts.
  public init(client: InferenceServerClient, model: ModelReference, parameters: DenoiserParameters) {
    self.client = client
    self.model = model
    self.parameters = parameters
  }

  /// The denoiser of a pipeline.
  ///
  /// - Throws: `GraphError` where the pipeline lacks it or describes it badly.
  public init(client: InferenceServerClient, pipeline: Pipeline) throws {
    self.init(
      client: client, model: try pipeline.model(for: .denoiser), parameters: try pipeline.denoiserParameters()
    )
  }

  /// The guided denoiser for latents of a size, to hand to a sampler.
  ///
  /// Each evaluation is one request that holds the latents with the negative and with the positive prompt,
  /// where the model's batch size allows it.
  ///
  /// - Parameters:
  ///   - guidance: the encoded prompts and the scale.
  ///   - latent: gives the shape.
  ///   - context: the node that asks, whose run then waits for a server that is away and repeats the evaluation
  ///     it was at; nil outside a run.
  /// - Throws: `GraphError` (`.invalidInput`) where the prompts come from different encoders. The denoiser
  ///   itself throws `InferenceError`, and `GraphError` (`.invalidModel`) for an answer of another shape than
  ///   the latents'.
  public func denoiser(
    for latent: Latent, guidance: Guidance, in context: NodeContext? = nil
  ) throws -> Sampler.Denoiser {
    guard !guidance.usesNegative || guidance.positive.width == guidance.negative.width else {
      throw GraphError(
        .invalidInput,
        "the positive prompt was encoded with width \(guidance.positive.width) and the negative one with "
          + "\(guidance.negative.width): encode both with the same CLIP")
    }
    let plan = GuidancePlan(
      items: latent.batch, positiveTokens: guidance.positive.tokenCount,
      negativeTokens: guidance.usesNegative ? guidance.negative.tokenCount : nil, split: model.batches(of:))
    // The prompts are the same in every step, so their tensors are made once.
    let requests = try plan.requests.map { request in
      (rows: request.rows, prompts: try prompts(of: request, guidance: guidance))
    }
    return { x, sigma in
      let size = latent.elementsPerItem
      var positive = [Float](repeating: 0, count: x.count)
      var negative = [Float](repeating: 0, count: guidance.usesNegative ? x.count : 0)
      for request in requests {
        let output = try await predict(
          x, rows: request.rows, prompts: request.prompts, like: latent, sigma: sigma, in: context)
        try output.withElements(of: Float.self) { output in
          for (index, row) in request.rows.enumerated() {
            let prediction = UnsafeBufferPointer(rebasing: output[(index * size)..<((index + 1) * size)])
            if row.isPositive {
              denoise(x, item: row.item, prediction: prediction, sigma: sigma, into: &positive)
            } else {
              denoise(x, item: row.item, prediction: prediction, sigma: sigma, into: &negative)
            }
          }
        }
      }
      if guidance.usesNegative {
        Guidance.combine(&positive, unconditional: negative, scale: guidance.scale)
      }
      return positive
    }
  }

  /// The prompts of a request's rows, [rows, tokens, width].
  private func prompts(of request: GuidancePlan.Request, guidance: Guidance) throws -> Tensor {
    let width = guidance.positive.width
    return try Tensor(shape: [request.rows.count, request.tokenCount, width], of: Float.self) { buffer in
      var next = 0
      for row in request.rows {
        let prompt = row.isPositive ? guidance.positive : guidance.negative
        for _ in 0..<(request.tokenCount / prompt.tokenCount) {
          next = buffer[next...].initialize(fromContentsOf: prompt.values)
        }
      }
    }
  }

  /// One round trip: the network's output for the rows.
  private func predict(
    _ x: [Float], rows: [GuidancePlan.Row], prompts: Tensor, like latent: Latent, sigma: Float,
    in context: NodeContext?
  ) async throws -> Tensor {
    let size = latent.elementsPerItem
    let divisor = parameters.prediction.inputDivisor(sigma: sigma)
    let shape = [rows.count, latent.channels, latent.height, latent.width]
    // Scaled straight into the memory that is sent.
    let sample = try Tensor(shape: shape, of: Float.self) { buffer in
      x.withUnsafeBufferPointer { x in
        for (index, row) in rows.enumerated() {
          for element in 0..<size {
            buffer.initializeElement(at: index * size + element, to: x[row.item * size + element] / divisor)
          }
        }
      }
    }
    var request = InferenceRequest(model: model.name)
    request.inputs = [
      "sample": sample,
      "timestep": try timestep(sigma: sigma, rows: rows.count),
      "encoder_hidden_states": prompts,
    ]
    request.outputs = ["noise_pred"]
    let output = try await client.infer(request, in: context).output("noise_pred")
    guard output.shape == shape else {
      throw GraphError(
        .invalidModel,
        "the model \(quoted(model.name)) answered \(output) as noise_pred; expected FP32 \(shape)")
    }
    return output
  }

  /// The timestep of every row, in the type the model is configured with: exports differ in it.
  private func timestep(sigma: Float, rows: Int) throws -> Tensor {
    let timestep = parameters.schedule.timestep(sigma: sigma)
    if model.dataType(ofInput: "timestep", otherwise: .fp32) == .int64 {
      return try Tensor([Int64](repeating: Int64(timestep), count: rows), shape: [rows, 1])
    }
    return try Tensor([Float](repeating: Float(timestep), count: rows), shape: [rows, 1])
  }

  /// Writes the denoised latent of one item to its place.
  private func denoise(
    _ x: [Float], item: Int, prediction: UnsafeBufferPointer<Float>, sigma: Float,
    into denoised: inout [Float]
  ) {
    let coefficients = parameters.prediction.coefficients(sigma: sigma)
    let start = item * prediction.count
    x.withUnsafeBufferPointer { x in
      denoised.withUnsafeMutableBufferPointer { denoised in
        for index in prediction.indices {
          denoised[start + index] = parameters.prediction.denoised(
            x[start + index], output: prediction[index], coefficients: coefficients)
        }
      }
    }
  }
}
