// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// The start of a picture from nothing: zero latents of a size.
public struct EmptyLatentImage: Node {
  /// The name in workflows.
  public let classType = "EmptyLatentImage"
  /// What it takes.
  public let inputs: [NodeInput] = [
    .integer("width", suggestion: 512, in: 16...16384, multipleOf: 8),
    .integer("height", suggestion: 512, in: 16...16384, multipleOf: 8),
    .integer("batch_size", suggestion: 1, in: 1...4096),
  ]
  /// What it gives.
  public let outputs = [NodeOutput(.latent)]

  /// The node class.
  public init() {}

  /// Pixels of all pictures together; more would not fit into memory once they are decoded.
  private static let mostPixels: Int128 = 1 << 29

  /// Checks what can be checked before anything runs.
  public func validate(_ arguments: NodeArguments, catalog: ModelCatalog) throws {
    let width = try arguments.value("width", as: Int128.self)
    let height = try arguments.value("height", as: Int128.self)
    let batch = try arguments.value("batch_size", as: Int128.self)
    guard width * height * batch <= Self.mostPixels else {
      throw GraphError(
        .invalidInput,
        "\(batch) times \(width)x\(height) is too much at once: use a smaller size, or a batch_size of at most "
          + "\(max(1, Self.mostPixels / (width * height)))")
    }
  }

  /// Does the work.
  public func run(_ arguments: NodeArguments, in context: NodeContext) async throws -> [GraphValue] {
    let latent = Latent(
      batch: try arguments.integer("batch_size"), channels: 4,
      height: try arguments.integer("height") / 8, width: try arguments.integer("width") / 8)
    return [GraphValue(.latent, latent)]
  }
}
