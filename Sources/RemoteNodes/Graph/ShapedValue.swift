// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

public import TritonClient

/// A value between nodes that has a shape, which errors then tell.
public protocol ShapedValue: Sendable {
  /// Elements along each axis.
  var shape: [Int] { get }
}

/// An input of a node that failed, with the shape of what it was given.
public struct ShapedInput: Sendable, Hashable, CustomStringConvertible {
  /// The input's name.
  public let name: String
  /// Elements along each axis.
  public let shape: [Int]

  /// An input of a shape.
  public init(name: String, shape: [Int]) {
    self.name = name
    self.shape = shape
  }

  /// The name and the shape: `latent_image [1, 4, 16, 16]`.
  public var description: String { "\(name) \(shape)" }
}

extension NodeArguments {
  /// Those of the inputs whose values have a shape, in their order.
  func shapes(of inputs: [NodeInput]) -> [ShapedInput] {
    inputs.compactMap { input in
      guard let content = try? value(input.name, as: (any ShapedValue).self) else { return nil }
      return ShapedInput(name: input.name, shape: content.shape)
    }
  }
}

extension Latent: ShapedValue {}

extension ImageBatch: ShapedValue {
  /// [count, height, width, 3]
  public var shape: [Int] { [count, height, width, 3] }
}

extension Conditioning: ShapedValue {
  /// [1, tokenCount, width]
  public var shape: [Int] { [1, tokenCount, width] }
}

extension Tensor: ShapedValue {}
