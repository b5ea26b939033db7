// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation

/// Byte-pair encoding with a marker for the end of a word, as CLIP's text encoders were trained with.
struct BytePairEncoder: Sendable {
  /// A piece of a word that the vocabulary knows.
  struct Symbol: Hashable {
    /// Its number in the vocabulary; nil for a byte that the vocabulary does not have.
    var id: Int?
    /// How many bytes of the word it stands for.
    var byteCount: Int
  }

  private struct Pair: Hashable {
    var left: Int
    var right: Int
  }

  private struct Merge {
    var rank: Int
    var id: Int
  }

  private static let endOfWord = "</w>"

  /// Token to number.
  let vocabulary: [String: Int]
  private let merges: [Pair: Merge]
  /// Numbers of the single bytes, inside a word and at its end.
  private let innerBytes: [Int?]
  private let finalBytes: [Int?]

  /// - Parameters:
  ///   - vocabulary: `vocab.json`, a JSON object of token to number.
  ///   - merges: `merges.txt`, one pair a line, the most important first; a first line "#version" is skipped.
  /// - Throws: `GraphError` (`.invalidModel`) where the files do not fit that or each other.
  init(vocabulary data: [UInt8], merges lines: [UInt8]) throws {
    let vocabulary: [String: Int]
    do {
      vocabulary = try JSONDecoder().decode([String: Int].self, from: Data(data))
    } catch {
      throw GraphError(
        .invalidModel, "the tokenizer's vocab.json is not a JSON object of token to number",
        underlyingError: error)
    }
    self.vocabulary = vocabulary
    innerBytes = ByteAlphabet.symbols.map { vocabulary[$0] }
    finalBytes = ByteAlphabet.symbols.map { vocabulary[$0 + Self.endOfWord] }

    var merges: [Pair: Merge] = [:]
    var rank = 0
    for (index, bytes) in lines.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .enumerated()
    {
      let line = String(decoding: bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes, as: UTF8.self)
      if line.isEmpty || (index == 0 && line.hasPrefix("#version")) { continue }
      let parts = line.split(separator: " ", omittingEmptySubsequences: false)
      guard parts.count == 2, let left = vocabulary[String(parts[0])],
        let right = vocabulary[String(parts[1])],
        let merged = vocabulary[String(parts[0] + parts[1])]
      else {
        throw GraphError(
          .invalidModel,
          "line \(index + 1) of the tokenizer's merges.txt, \(quoted(line)), is not a pair of two tokens of its "
            + "vocab.json whose union is a token too")
      }
      let pair = Pair(left: left, right: right)
      if merges[pair] == nil { merges[pair] = Merge(rank: rank, id: merged) }
      rank += 1
    }
    self.merges = merges
  }

  /// The symbols of one word, given as UTF-8.
  func encode(_ word: some Collection<UInt8>) -> [Symbol] {
    let last = word.count - 1
    var symbols = word.enumerated().map { index, byte in
      Symbol(id: (index == last ? finalBytes : innerBytes)[Int(byte)], byteCount: 1)
    }
    while let best = bestPair(in: symbols) {
      symbols = merging(best.pair, into: best.merge.id, symbols)
    }
    return symbols
  }

  /// The neighbours with the lowest rank.
  private func bestPair(in symbols: [Symbol]) -> (pair: Pair, merge: Merge)? {
    var best: (pair: Pair, merge: Merge)?
    for (left, right) in zip(symbols, symbols.dropFirst()) {
      guard let left = left.id, let right = right.id else { continue }
      let pair = Pair(left: left, right: right)
      guard let merge = merges[pair], merge.rank < best?.merge.rank ?? Int.max else { continue }
      best = (pair, merge)
    }
    return best
  }

  /// Joins every occurrence of the pair, left to right.
  private func merging(_ pair: Pair, into id: Int, _ symbols: [Symbol]) -> [Symbol] {
    var result: [Symbol] = []
    result.reserveCapacity(symbols.count)
    var index = 0
    while index < symbols.count {
      let symbol = symbols[index]
      if index + 1 < symbols.count, symbol.id == pair.left, symbols[index + 1].id == pair.right {
        result.append(Symbol(id: id, byteCount: symbol.byteCount + symbols[index + 1].byteCount))
        index += 2
      } else {
        result.append(symbol)
        index += 1
      }
    }
    return result
  }
}
