// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import RemoteNodes
import TritonClient

/// Makes small pictures in many steps, each a round trip, and knows what they look like when nothing goes wrong.
package struct PictureMaker: Sendable {
  /// Steps of a picture.
  package static let steps = 20

  /// Pictures that differ in prompt and noise: an answer to another's request would be noticed.
  private static let prompts = [
    "a red circle on a blue background", "a green heart", "a small yellow star on a purple background",
    "a blue square",
  ]

  /// The model that each step asks.
  static let denoiser = "shapes_unet"

  private static let checkpoint = "shapes"
  /// In pixels.
  private static let edge = 64

  private let catalog: ModelCatalog
  private let folder: ScratchFolder
  private let references: [Data]

  /// Makes each picture once.
  ///
  /// - Parameter client: the way to a server that nothing disturbs.
  init(client: InferenceServerClient) async throws {
    let catalog = try await ModelCatalog.load(from: client)
    let folder = try ScratchFolder()
    let maker = PictureMaker(catalog: catalog, folder: folder, references: [])
    var references: [Data] = []
    for number in PictureMaker.prompts.indices {
      references.append(try await maker.picture(number, client: client, recovery: .never) { _ in })
    }
    self = PictureMaker(catalog: catalog, folder: folder, references: references)
  }

  private init(catalog: ModelCatalog, folder: ScratchFolder, references: [Data]) {
    self.catalog = catalog
    self.folder = folder
    self.references = references
  }

  /// Makes a picture.
  ///
  /// - Parameters:
  ///   - number: which one; there are some, which take turns.
  ///   - client: the way to the servers.
  ///   - recovery: how long the run waits for a server.
  ///   - onStep: told of each step that is done, from 1.
  /// - Returns: whether the file is, byte by byte, the one that an undisturbed run writes.
  func makes(
    _ number: Int,
    client: InferenceServerClient,
    recovery: RecoveryPolicy,
    onStep: @escaping @Sendable (Int) -> Void
  ) async throws -> Bool {
    let file = try await self.picture(number, client: client, recovery: recovery, onStep: onStep)
    return file == self.references[number % self.references.count]
  }

  private func picture(
    _ number: Int,
    client: InferenceServerClient,
    recovery: RecoveryPolicy,
    onStep: @escaping @Sendable (Int) -> Void
  ) async throws -> Data {
    let kind = number % PictureMaker.prompts.count
    let output = self.folder.url.appendingPathComponent("\(UUID().uuidString)", isDirectory: true)
    defer { try? FileManager.default.removeItem(at: output) }
    let runner = GraphRunner(
      client: client,
      catalog: self.catalog,
      outputDirectory: output,
      tokenizers: TokenizerStore(folder: self.folder.url.appendingPathComponent("tokenizers")),
      recovery: recovery
    )
    let workflow = Workflow.textToImage(
      .init(
        prompt: PictureMaker.prompts[kind],
        checkpoint: PictureMaker.checkpoint,
        steps: PictureMaker.steps,
        cfg: 4,
        seed: UInt64(kind),
        width: PictureMaker.edge,
        height: PictureMaker.edge
      )
    )
    let result = try await runner.run(workflow) { event in
      if case .progress(_, let step, _, _) = event { onStep(step) }
    }
    guard let image = result.images.first, result.images.count == 1 else {
      throw CocoaError(.fileNoSuchFile)
    }
    return try Data(contentsOf: image.url)
  }
}
