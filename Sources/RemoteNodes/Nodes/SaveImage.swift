// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation

/// Writes pictures as PNG files, each with the workflow that made it inside.
public struct SaveImage: Node {
  /// The name in workflows.
  public let classType = "SaveImage"
  /// What it takes.
  public let inputs: [NodeInput] = [
    .link("images", .image), .string("filename_prefix", suggestion: "ComfyUI"),
  ]
  /// What it gives.
  public let outputs: [NodeOutput] = []
  /// Runs for its effect.
  public let isOutputNode = true

  /// The node class.
  public init() {}

  /// Checks what can be checked before anything runs.
  public func validate(_ arguments: NodeArguments, catalog: ModelCatalog) throws {
    _ = try NumberedFile(prefix: try arguments.string("filename_prefix"))
  }

  /// Does the work.
  public func run(_ arguments: NodeArguments, in context: NodeContext) async throws -> [GraphValue] {
    let images = try arguments.value("images", as: ImageBatch.self)
    let prefix = try NumberedFile(prefix: try arguments.string("filename_prefix"))
      .expanded(width: images.width, height: images.height, date: Date())
    for index in 0..<images.count {
      try Task.checkCancellation()
      let picture = try images.picture(at: index)
      let png = try picture.png(texts: [Picture.Text(keyword: "prompt", value: context.workflow.text)])
      let url = try prefix.numbered(inBatch: index).create(png, in: context.outputDirectory)
      context.report(
        .imageSaved(
          SavedImage(nodeID: context.nodeID, url: url, width: picture.width, height: picture.height)))
    }
    return []
  }
}
