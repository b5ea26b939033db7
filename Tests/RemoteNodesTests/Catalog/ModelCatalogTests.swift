// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing

@testable import RemoteNodes

@Suite("What a server has")
struct ModelCatalogTests {
  @Test("Models are sorted into pipelines by their parameters")
  func pipelines() throws {
    let other = ModelReference(name: "resnet", maximumBatchSize: 0, parameters: [:])
    let catalog = ModelCatalog(
      server: "grpc://test:8001",
      models: TestCatalog.roles.map { TestCatalog.model($0) } + [
        other, TestCatalog.model(.denoiser, pipeline: "b"),
      ])
    #expect(catalog.pipelines.map(\.name) == ["b", "shapes"])
    #expect(catalog.otherModels == [other])
    let shapes = try catalog.pipeline(named: "shapes")
    #expect(shapes.family == "sd1")
    #expect(Set(shapes.models.keys) == Set(TestCatalog.roles))
    #expect(try shapes.model(for: .vaeDecoder).name == "shapes_vae_decoder")
    #expect(shapes.defaultWidth == 128)
    #expect(shapes.defaultHeight == 128)
    #expect(shapes.defaultSteps == 20)
    #expect(shapes.defaultCFG == 4)
  }

  @Test(
    "A checkpoint is found by its stem",
    arguments: [
      "shapes", "shapes.safetensors", "SD1/shapes.ckpt", "a\\b\\shapes.pt", "Shapes", "SHAPES.SAFETENSORS",
    ])
  func stem(name: String) throws {
    #expect(try TestCatalog.shapes.pipeline(named: name).name == "shapes")
  }

  @Test(
    "Dots that begin no extension belong to the name",
    arguments: [
      ("sdxl/sd_xl_base_1.0.safetensors", "sd_xl_base_1.0"), ("sd_xl_base_1.0", "sd_xl_base_1.0"),
      ("v1.5", "v1.5"),
      (".ckpt", ".ckpt"), ("", ""), ("/", "/"),
    ])
  func dots(name: String, stem: String) {
    #expect(ModelCatalog.stem(of: name) == stem)
  }

  @Test("An unknown checkpoint is told with near misses, or with all there are")
  func unknownCheckpoint() {
    let near = #expect(throws: GraphError.self) { try TestCatalog.shapes.pipeline(named: "shaeps.ckpt") }
    #expect(near?.code == .unknownCheckpoint)
    #expect(
      near?.message
        == "the server grpc://test:8001 has no checkpoint \"shaeps.ckpt\": did you mean \"shapes\"?")
    let far = #expect(throws: GraphError.self) { try TestCatalog.shapes.pipeline(named: "flux1-dev") }
    #expect(far?.message == "the server grpc://test:8001 has no checkpoint \"flux1-dev\": it has \"shapes\"")
    let none = #expect(throws: GraphError.self) {
      try ModelCatalog(server: "s", models: []).pipeline(named: "x")
    }
    #expect(none?.message == "the server s has no checkpoint \"x\": it has no pipelines at all")
  }

  @Test("A missing model is told with what is there and what is not ready")
  func missingRole() throws {
    let catalog = ModelCatalog(
      server: "s", models: [TestCatalog.model(.denoiser), TestCatalog.model(.tokenizer)],
      unavailableModels: ["shapes_vae_decoder": "unavailable: no such file", "other": "loading"])
    let error = #expect(throws: GraphError.self) {
      try catalog.pipeline(named: "shapes").model(for: .vaeDecoder)
    }
    #expect(error?.code == .missingModel)
    #expect(
      error?.message == "the pipeline \"shapes\" has no vae_decoder model: it has denoiser and tokenizer; "
        + "not ready on the server: shapes_vae_decoder (unavailable: no such file)")
  }

  @Test("Two models of one role are not guessed between")
  func ambiguous() throws {
    let second = ModelReference(
      name: "z", maximumBatchSize: 1, parameters: TestCatalog.model(.denoiser).parameters)
    let catalog = ModelCatalog(server: "s", models: [TestCatalog.model(.denoiser), second])
    let error = #expect(throws: GraphError.self) {
      try catalog.pipeline(named: "shapes").denoiserParameters()
    }
    #expect(error?.message.contains("shapes_denoiser and z") == true)
  }

  @Test("A denoiser's facts are read from its parameters")
  func denoiser() throws {
    let parameters = try DenoiserParameters(TestCatalog.model(.denoiser))
    #expect(parameters.prediction == .epsilon)
    #expect(parameters.schedule == (try NoiseSchedule()))
    #expect(parameters.latentFormat == .stableDiffusion1)
  }

  @Test(
    "A fact that is missing or wrong is named",
    arguments: [
      ("beta_start", nil, "does not say its \"beta_start\""),
      ("beta_end", "much", "should be a number, not \"much\""),
      ("num_train_timesteps", "1e3", "should be a number"),
      ("beta_schedule", "cosine", "supported are scaled_linear and linear"),
      ("prediction_type", "sample", "supported are epsilon and v_prediction"),
      ("latent_scale", "0", "latents that cannot be"),
      ("latent_channels", "-4", "latents that cannot be"),
    ] as [(String, String?, String)])
  func badFacts(key: String, value: String?, message: String) {
    var parameters = TestCatalog.denoiserParameters
    parameters[key] = value
    let error = #expect(throws: GraphError.self) {
      try DenoiserParameters(ModelReference(name: "unet", maximumBatchSize: 8, parameters: parameters))
    }
    #expect(error?.code == .invalidModel)
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
  }

  @Test("latent_shift may be missing and is 0 then")
  func shift() throws {
    var parameters = TestCatalog.denoiserParameters
    parameters["latent_shift"] = nil
    let model = ModelReference(name: "unet", maximumBatchSize: 8, parameters: parameters)
    #expect(try DenoiserParameters(model).latentFormat.shift == 0)
  }

  @Test("Pipelines of another family are refused before anything runs")
  func family() throws {
    let catalog = ModelCatalog(
      server: "s", models: TestCatalog.roles.map { TestCatalog.model($0, pipeline: "xl", family: "sdxl") })
    let error = #expect(throws: GraphError.self) {
      try WorkflowValidator.plan(
        .textToImage(.init(prompt: "", checkpoint: "xl")), registry: .standard, catalog: catalog)
    }
    #expect(error?.code == .invalidModel)
    #expect(error?.message.contains("family \"sdxl\"; supported: sd1") == true)
  }
}
