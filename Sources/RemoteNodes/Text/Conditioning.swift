// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// An encoded prompt, what a workflow's CONDITIONING links carry.
public struct Conditioning: Sendable, Hashable {
  /// Tokens, a multiple of the encoder's window.
  public let tokenCount: Int
  /// Numbers per token.
  public let width: Int
  /// [tokenCount, width] in row-major order.
  public let values: [Float]
  /// One vector for the whole prompt, where the encoder gives one: that of the first window.
  public let pooled: [Float]?

  /// An encoded prompt of the given numbers.
  ///
  /// - Parameters:
  ///   - tokenCount: number of tokens.
  ///   - width: numbers of each token.
  ///   - values: [tokenCount, width] in row-major order.
  ///   - pooled: the summary of the whole prompt, for models that take one.
  /// - Throws: `GraphError` (`.invalidInput`) where the counts do not fit each other.
  public init(tokenCount: Int, width: Int, values: [Float], pooled: [Float]? = nil) throws {
    guard tokenCount > 0, width > 0, values.count == tokenCount * width else {
      throw GraphError(
        .invalidInput,
        "an encoded prompt of \(tokenCount) tokens of width \(width) has \(values.count) values")
    }
    self.tokenCount = tokenCount
    self.width = width
    self.values = values
    self.pooled = pooled
  }
}
