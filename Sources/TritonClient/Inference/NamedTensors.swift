// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// Tensors by name, in the order in which they were added.
public struct NamedTensors: Sendable {
  private var pairs: [Element] = []

  /// No tensors.
  public init() {}

  /// The tensor with a name; setting `nil` removes it.
  public subscript(name: String) -> Tensor? {
    get {
      self.pairs.first { $0.name == name }?.tensor
    }
    set {
      let index = self.pairs.firstIndex { $0.name == name }
      switch (index, newValue) {
      case (let index?, let tensor?): self.pairs[index].tensor = tensor
      case (let index?, nil): self.pairs.remove(at: index)
      case (nil, let tensor?): self.pairs.append((name, tensor))
      case (nil, nil): break
      }
    }
  }

  /// The names in order.
  public var names: [String] {
    self.pairs.map(\.name)
  }
}

extension NamedTensors: ExpressibleByDictionaryLiteral {
  /// Tensors as a literal; of a name that occurs twice the last tensor counts.
  public init(dictionaryLiteral elements: (String, Tensor)...) {
    for (name, tensor) in elements { self[name] = tensor }
  }
}

extension NamedTensors: RandomAccessCollection {
  /// A tensor and its name.
  public typealias Element = (name: String, tensor: Tensor)

  /// Position of the first tensor.
  public var startIndex: Int { self.pairs.startIndex }

  /// Position after the last tensor.
  public var endIndex: Int { self.pairs.endIndex }

  /// The tensor at a position, with its name.
  public subscript(position: Int) -> Element { self.pairs[position] }
}
