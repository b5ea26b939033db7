// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// The node classes that a runner knows.
public struct NodeRegistry: Sendable {
  private var nodes: [String: any Node] = [:]

  /// The classes of this library.
  public static let standard = NodeRegistry([
    CheckpointLoaderSimple(), CLIPTextEncode(), EmptyLatentImage(), KSampler(), VAEDecode(), SaveImage(),
  ])

  /// A registry of the given classes.
  public init(_ nodes: [any Node]) {
    for node in nodes { register(node) }
  }

  /// Adds a class, in place of one of the same name.
  public mutating func register(_ node: any Node) {
    nodes[node.classType] = node
  }

  /// The class of that name; nil where it is unknown.
  public subscript(classType: String) -> (any Node)? {
    nodes[classType]
  }

  /// The names of all classes, in alphabetical order.
  public var classTypes: [String] { nodes.keys.sorted() }
}
