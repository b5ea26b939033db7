// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation

/// Cuts a prompt into the pieces that are encoded one by one: words, single digits, runs of punctuation.
///
/// In the words of CLIP's own pattern, with the Unicode classes: special tokens, `'s 't 're 've 'm 'll 'd`,
/// letters+, one number, other characters that are not white space+.
struct PromptSplitter: Sendable {
  /// A piece of a prompt.
  enum Piece: Hashable {
    /// To be encoded.
    case word(String)
    /// One of the special tokens, written out in the prompt.
    case special(String)
  }

  private static let contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"].map {
    Array($0.unicodeScalars)
  }

  private let specials: [String]

  /// - Parameter specialTokens: strings that stand for themselves, `<|startoftext|>` for example.
  init(specialTokens: [String]) {
    specials = Set(specialTokens).filter { !$0.isEmpty }.sorted { $0.utf8.count > $1.utf8.count }
  }

  /// Canonical composition and lower case, one character at a time (no context: a final sigma stays σ).
  static func normalized(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.precomposedStringWithCanonicalMapping.unicodeScalars {
      result.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
    }
    return String(result)
  }

  /// The pieces of a prompt, in order. White space separates and is dropped.
  ///
  /// Special tokens are found first, exactly as they are spelled; the text between them is normalized.
  func pieces(of text: String) -> [Piece] {
    var pieces: [Piece] = []
    var rest = Array(text.unicodeScalars)[...]
    var plain = String.UnicodeScalarView()
    while let scalar = rest.first {
      if let special = specials.first(where: { rest.starts(with: $0.unicodeScalars) }) {
        pieces += words(of: String(plain)) + [.special(special)]
        plain = String.UnicodeScalarView()
        rest = rest.dropFirst(special.unicodeScalars.count)
      } else {
        plain.append(scalar)
        rest = rest.dropFirst()
      }
    }
    return pieces + words(of: String(plain))
  }

  private func words(of text: String) -> [Piece] {
    let scalars = Array(Self.normalized(text).unicodeScalars)
    var words: [Piece] = []
    var index = 0
    while index < scalars.count {
      if scalars[index].properties.isWhitespace {
        index += 1
        continue
      }
      let end = endOfWord(in: scalars, from: index)
      var word = String.UnicodeScalarView()
      word.append(contentsOf: scalars[index..<end])
      words.append(.word(String(word)))
      index = end
    }
    return words
  }

  private func endOfWord(in scalars: [Unicode.Scalar], from start: Int) -> Int {
    let rest = scalars[start...]
    if let contraction = Self.contractions.first(where: { rest.starts(with: $0) }) {
      return start + contraction.count
    }
    let kind = Kind(scalars[start])
    if kind == .number { return start + 1 }
    return rest.firstIndex { Kind($0) != kind } ?? scalars.count
  }

  /// The classes of characters that the pattern tells apart.
  private enum Kind {
    case letter, number, space, other

    init(_ scalar: Unicode.Scalar) {
      if scalar.properties.isWhitespace {
        self = .space
        return
      }
      switch scalar.properties.generalCategory {
      case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
        self = .letter
      case .decimalNumber, .letterNumber, .otherNumber:
        self = .number
      default:
        self = .other
      }
    }
  }
}
