// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// Turns noise into a latent: one round trip to the server for each denoise step.
public struct KSampler: Node {
  /// The name in workflows.
  public let classType = "KSampler"
  /// What it takes.
  public let inputs: [NodeInput] = [
    .link("model", .model),
    .integer("seed", suggestion: 0, in: 0...Int128(UInt64.max)),
    .integer("steps", suggestion: 20, in: 1...10000),
    .number("cfg", suggestion: 8, in: 0...100),
    .choice("sampler_name", Sampler.known.map(\.name)),
    .choice("scheduler", Scheduler.known.map(\.name)),
    .link("positive", .conditioning),
    .link("negative", .conditioning),
    .link("latent_image", .latent),
    .number("denoise", suggestion: 1, in: 0...1),
  ]
  /// What it gives.
  public let outputs = [NodeOutput(.latent)]

  /// The node class.
  public init() {}

  /// Does the work.
  public func run(_ arguments: NodeArguments, in context: NodeContext) async throws -> [GraphValue] {
    let model = try arguments.value("model", as: RemoteUNet.self)
    let parameters = model.parameters
    var latent = try arguments.value("latent_image", as: Latent.self)
      .adapted(toChannels: parameters.latentFormat.channels)
    let sampler = try Sampler.named(try arguments.string("sampler_name"))
    let sigmas = try Scheduler.named(try arguments.string("scheduler")).sigmas(
      for: parameters.schedule, steps: try arguments.integer("steps"),
      denoise: try arguments.number("denoise"))
    guard let first = sigmas.first, sigmas.count > 1 else { return [GraphValue(.latent, latent)] }

    var generator = TorchGenerator(seed: try arguments.seed("seed"))
    let start = parameters.prediction.noised(
      noise: generator.randn(count: latent.elementCount),
      latent: parameters.latentFormat.toModel(latent.samples),
      sigma: first, sigmaMax: parameters.schedule.sigmaMax)
    let guidance = Guidance(
      positive: try arguments.value("positive"), negative: try arguments.value("negative"),
      scale: Float(try arguments.number("cfg")))
    let denoise = try model.denoiser(for: latent, guidance: guidance, in: context)
    var elapsed = Duration.zero
    let samples = try await sampler.sample(start, sigmas: sigmas, denoise: denoise) { step in
      elapsed += step.duration
      // What an outage took says nothing about the steps to come.
      let working = max(.zero, elapsed - context.waitedTime())
      context.report(
        .progress(
          nodeID: context.nodeID, step: step.number, totalSteps: step.total,
          timePerStep: working / step.number))
    }
    latent.samples = parameters.latentFormat.fromModel(samples)
    return [GraphValue(.latent, latent)]
  }
}
