// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import ArgumentParser
import RemoteNodes

/// What the picture shall be, and how to get there.
struct GenerateOptions: ParsableArguments {
  @Option(help: ArgumentHelp("What the picture shall not show.", valueName: "prompt"))
  var negative = ""

  @Option(
    help: ArgumentHelp(
      "How many denoise steps: each is one round trip to the server.",
      discussion: "Default: the checkpoint's own, else 20.", valueName: "number"))
  var steps: Int?

  @Option(
    help: ArgumentHelp(
      "How closely to follow the prompt: classifier-free guidance scale, 1 for none.",
      discussion: "Default: the checkpoint's own, else 8.", valueName: "scale"))
  var cfg: Double?

  @Option(
    help: ArgumentHelp(
      "The noise to begin with: 0 to 18446744073709551615. The same seed gives the same picture.",
      discussion: "Default: a random one, which is told.", valueName: "number"))
  var seed: UInt64?

  @Option(help: ArgumentHelp("The sampler: \(Self.listed(Sampler.known)).", valueName: "name"))
  var sampler = "euler"

  @Option(
    help: ArgumentHelp("How noise levels are spaced: \(Self.listed(Scheduler.known)).", valueName: "name"))
  var scheduler = "normal"

  @Option(
    help: ArgumentHelp(
      "Width in pixels, a multiple of \(Self.grid).", discussion: "Default: the checkpoint's own, else 512.",
      valueName: "pixels"))
  var width: Int?

  @Option(
    help: ArgumentHelp(
      "Height in pixels, a multiple of \(Self.grid).", discussion: "Default: the checkpoint's own, else 512.",
      valueName: "pixels"))
  var height: Int?

  @Option(help: ArgumentHelp("How many pictures: of this seed, the next one …", valueName: "pictures"))
  var count = 1

  @Option(
    help: ArgumentHelp(
      "The checkpoint to use; 'remote-sample models' lists them.",
      discussion: "Default: the first that the server has.", valueName: "name"))
  var checkpoint: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "A file (name.png; numbered if there are several) or a folder, where files are numbered after those there.",
      discussion: "Default: the folder \(OutputPlan.defaultFolder).", valueName: "path"))
  var output: String?

  /// Pictures are made of squares of this many pixels, one of them a latent's pixel.
  private static let grid = 8
  /// The largest side a workflow may have.
  private static let longestSide = 16_384
  private static let mostSteps = 10_000
  private static let mostPictures = 100_000
  private static let largestScale = 100.0

  func validate() throws {
    if let steps { try Self.check("--steps", steps, within: 1...Self.mostSteps) }
    try Self.check("--count", count, within: 1...Self.mostPictures)
    if let cfg, !(cfg >= 0 && cfg <= Self.largestScale) {
      throw ValidationError("--cfg must be between 0 and \(Int(Self.largestScale)), given \(cfg)")
    }
    try Self.check("--width", side: width)
    try Self.check("--height", side: height)
    try Self.check("--sampler", sampler, among: Sampler.known)
    try Self.check("--scheduler", scheduler, among: Scheduler.known)
  }

  private static func check(_ option: String, _ value: Int, within range: ClosedRange<Int>) throws {
    guard range.contains(value) else {
      throw ValidationError(
        "\(option) must be between \(range.lowerBound) and \(range.upperBound), given \(value)")
    }
  }

  private static func check(_ option: String, side: Int?) throws {
    guard let side else { return }
    guard side % grid == 0, (grid...longestSide).contains(side) else {
      let near = max(grid, min(longestSide, (side + grid / 2) / grid * grid))
      throw ValidationError(
        "\(option) must be a multiple of \(grid) between \(grid) and \(longestSide), given \(side): try \(near)"
      )
    }
  }

  private static func check(_ option: String, _ name: String, among known: [some CustomStringConvertible])
    throws
  {
    guard known.contains(where: { $0.description == name }) else {
      throw ValidationError("\(option) must be one of \(listed(known)), given \"\(name)\"")
    }
  }

  private static func listed(_ known: [some CustomStringConvertible]) -> String {
    known.map(\.description).joined(separator: ", ")
  }
}
