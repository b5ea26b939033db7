// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// Which rows of which requests a guided denoise step consists of.
///
/// A row is one latent with one prompt. Rows whose prompts have the same token count can share a request.
struct GuidancePlan: Sendable, Hashable {
  /// One latent of the batch with one of the two prompts.
  struct Row: Sendable, Hashable {
    /// Which latent.
    var item: Int
    /// Whether it goes with the positive prompt.
    var isPositive: Bool
  }

  /// Rows of one request.
  struct Request: Sendable, Hashable {
    /// The rows in the order of the batch.
    var rows: [Row]
    /// Tokens of each row: a prompt with fewer is repeated.
    var tokenCount: Int
  }

  /// The requests of a step.
  let requests: [Request]

  /// Repeating a prompt further than this would cost more than a request of its own.
  private static let mostRepetitions = 4

  /// - Parameters:
  ///   - items: latents in the batch.
  ///   - positiveTokens: token count of the positive prompt.
  ///   - negativeTokens: token count of the negative prompt; nil where it is not asked.
  ///   - split: how a number of rows is split into requests.
  init(items: Int, positiveTokens: Int, negativeTokens: Int?, split: (Int) -> [Range<Int>]) {
    let positive = (0..<items).map { Row(item: $0, isPositive: true) }
    var groups: [Request] = []
    if let negativeTokens {
      let negative = (0..<items).map { Row(item: $0, isPositive: false) }
      let common = Self.leastCommonMultiple(positiveTokens, negativeTokens)
      // Attention over a prompt that is repeated whole gives what the prompt itself gives.
      if common <= Self.mostRepetitions * min(positiveTokens, negativeTokens) {
        groups = [Request(rows: negative + positive, tokenCount: common)]
      } else {
        groups = [
          Request(rows: negative, tokenCount: negativeTokens),
          Request(rows: positive, tokenCount: positiveTokens),
        ]
      }
    } else {
      groups = [Request(rows: positive, tokenCount: positiveTokens)]
    }
    requests = groups.flatMap { group in
      split(group.rows.count).map { Request(rows: Array(group.rows[$0]), tokenCount: group.tokenCount) }
    }
  }

  private static func leastCommonMultiple(_ a: Int, _ b: Int) -> Int {
    var (divisor, rest) = (a, b)
    while rest != 0 { (divisor, rest) = (rest, divisor % rest) }
    return a / divisor * b
  }
}
