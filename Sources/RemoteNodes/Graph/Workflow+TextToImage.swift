// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

extension Workflow {
  /// What a picture from a prompt takes.
  public struct TextToImage: Sendable, Hashable {
    /// What the picture should show.
    public var prompt: String
    /// What it should not show.
    public var negative: String
    /// The checkpoint: the name of a pipeline on the server.
    public var checkpoint: String
    /// Denoise steps, 1 … 10000.
    public var steps: Int
    /// Guidance scale, 0 … 100; 1 ignores the negative prompt.
    public var cfg: Double
    /// Where the noise starts.
    public var seed: UInt64
    /// A sampler's name.
    public var sampler: String
    /// A scheduler's name.
    public var scheduler: String
    /// Pixels in a row, a multiple of 8.
    public var width: Int
    /// Rows, a multiple of 8.
    public var height: Int
    /// Pictures at once.
    public var batchSize: Int
    /// What the file names begin with.
    public var filenamePrefix: String

    /// A picture from a prompt, with ComfyUI's own figures where none are given.
    public init(
      prompt: String, checkpoint: String, negative: String = "", steps: Int = 20, cfg: Double = 8,
      seed: UInt64 = 0, sampler: String = "euler", scheduler: String = "normal", width: Int = 512,
      height: Int = 512, batchSize: Int = 1, filenamePrefix: String = "ComfyUI"
    ) {
      self.prompt = prompt
      self.negative = negative
      self.checkpoint = checkpoint
      self.steps = steps
      self.cfg = cfg
      self.seed = seed
      self.sampler = sampler
      self.scheduler = scheduler
      self.width = width
      self.height = height
      self.batchSize = batchSize
      self.filenamePrefix = filenamePrefix
    }
  }

  /// The workflow that makes pictures from a prompt: the graph that ComfyUI opens with.
  ///
  /// Nothing is checked here; the runner does that.
  public static func textToImage(_ picture: TextToImage) -> Workflow {
    func link(_ id: String, _ slot: Int) -> JSONValue { .array([.string(id), .number("\(slot)")]) }
    func number(_ value: some CustomStringConvertible) -> JSONValue { .number(value.description) }
    func node(_ id: String, _ classType: String, _ inputs: [JSONValue.Member]) -> JSONValue.Member {
      JSONValue.Member(
        id,
        .object([
          JSONValue.Member("class_type", .string(classType)), JSONValue.Member("inputs", .object(inputs)),
        ]))
    }
    typealias Member = JSONValue.Member
    return Workflow(trusted: [
      node(
        "3", "KSampler",
        [
          Member("model", link("4", 0)), Member("seed", number(picture.seed)),
          Member("steps", number(picture.steps)), Member("cfg", number(picture.cfg)),
          Member("sampler_name", .string(picture.sampler)), Member("scheduler", .string(picture.scheduler)),
          Member("positive", link("6", 0)), Member("negative", link("7", 0)),
          Member("latent_image", link("5", 0)), Member("denoise", .number("1.0")),
        ]),
      node("4", "CheckpointLoaderSimple", [Member("ckpt_name", .string(picture.checkpoint))]),
      node(
        "5", "EmptyLatentImage",
        [
          Member("width", number(picture.width)), Member("height", number(picture.height)),
          Member("batch_size", number(picture.batchSize)),
        ]),
      node("6", "CLIPTextEncode", [Member("text", .string(picture.prompt)), Member("clip", link("4", 1))]),
      node("7", "CLIPTextEncode", [Member("text", .string(picture.negative)), Member("clip", link("4", 1))]),
      node("8", "VAEDecode", [Member("samples", link("3", 0)), Member("vae", link("4", 2))]),
      node(
        "9", "SaveImage",
        [Member("filename_prefix", .string(picture.filenamePrefix)), Member("images", link("8", 0))]),
    ])
  }
}
