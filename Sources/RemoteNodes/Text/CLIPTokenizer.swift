// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// Turns prompts into the token numbers that CLIP's text encoders read.
///
/// Agrees with the `CLIPTokenizer` of Hugging Face transformers 5 on the same `vocab.json` and `merges.txt`,
/// except that a prompt that is too long for one window is spread over several instead of being cut off.
public struct CLIPTokenizer: Sendable {
  /// The tokens with a meaning of their own, as the vocabulary spells them.
  public struct SpecialTokens: Sendable, Hashable {
    /// Begins every chunk.
    public var beginning: String
    /// Ends every chunk.
    public var end: String
    /// Fills a chunk up.
    public var padding: String
    /// Stands for what the vocabulary cannot spell.
    public var unknown: String

    /// The special tokens of the given spelling; the defaults are those of CLIP-L.
    public init(
      beginning: String = "<|startoftext|>", end: String = "<|endoftext|>", padding: String = "<|endoftext|>",
      unknown: String = "<|endoftext|>"
    ) {
      self.beginning = beginning
      self.end = end
      self.padding = padding
      self.unknown = unknown
    }
  }

  /// Tokens in a chunk, the first and the last special token included.
  public let chunkLength: Int
  /// Number of the token that begins a chunk.
  public let beginningID: Int
  /// Number of the token that ends a chunk.
  public let endID: Int
  /// Number of the token that fills a chunk up.
  public let paddingID: Int
  /// Number of the token that stands for what the vocabulary cannot spell.
  public let unknownID: Int

  private let encoder: BytePairEncoder
  private let splitter: PromptSplitter

  /// A tokenizer of the given files.
  ///
  /// - Parameters:
  ///   - vocabulary: the bytes of `vocab.json`.
  ///   - merges: the bytes of `merges.txt`.
  ///   - specialTokens: their spelling in the vocabulary.
  ///   - chunkLength: tokens the text encoder takes at once, 3 or more; 77 for CLIP.
  /// - Throws: `GraphError` (`.invalidModel`) where a file cannot be read or lacks a special token.
  public init(
    vocabulary: [UInt8], merges: [UInt8], specialTokens: SpecialTokens = SpecialTokens(),
    chunkLength: Int = 77
  ) throws {
    guard chunkLength >= 3 else {
      throw GraphError(
        .invalidModel, "a tokenizer needs a model_max_length of 3 or more, given \(chunkLength)")
    }
    let encoder = try BytePairEncoder(vocabulary: vocabulary, merges: merges)
    func id(of token: String, named role: String) throws -> Int {
      guard let id = encoder.vocabulary[token] else {
        throw GraphError(
          .invalidModel, "the tokenizer's vocab.json has no \(quoted(token)), which its \(role) names")
      }
      return id
    }
    self.encoder = encoder
    self.chunkLength = chunkLength
    beginningID = try id(of: specialTokens.beginning, named: "bos_token")
    endID = try id(of: specialTokens.end, named: "eos_token")
    paddingID = try id(of: specialTokens.padding, named: "pad_token")
    unknownID = try id(of: specialTokens.unknown, named: "unk_token")
    splitter = PromptSplitter(specialTokens: [
      specialTokens.beginning, specialTokens.end, specialTokens.padding, specialTokens.unknown,
    ])
  }

  /// The token numbers of a text, without the ones that begin, end and fill a chunk.
  public func tokens(in text: String) -> [Int] {
    splitter.pieces(of: text).flatMap { piece -> [Int] in
      switch piece {
      case .special(let token):
        [encoder.vocabulary[token] ?? unknownID]
      case .word(let word):
        encoder.encode(Array(word.utf8)).map { $0.id ?? unknownID }
      }
    }
  }

  /// The text as one or more windows of exactly `chunkLength` tokens, each begun, ended and filled up; an
  /// empty text is one window.
  public func chunks(for text: String) -> [[Int]] {
    let tokens = tokens(in: text)
    let room = chunkLength - 2
    let starts = tokens.isEmpty ? [0] : Array(stride(from: 0, to: tokens.count, by: room))
    return starts.map { start in
      let part = tokens[start..<min(start + room, tokens.count)]
      let filling = [Int](repeating: paddingID, count: room - part.count)
      return [beginningID] + part + [endID] + filling
    }
  }

  /// The characters that will mean little to the model, each once, in the order of the text (lower case):
  /// those the vocabulary cannot spell, and non-ASCII ones that it can only spell byte by byte.
  public func unknownCharacters(in text: String) -> [Character] {
    var found: [Character] = []
    for case .word(let word) in splitter.pieces(of: text) {
      let symbols = encoder.encode(Array(word.utf8))
      // For each byte of the word: is it known, and does it belong to a token of several bytes?
      let isMerged = symbols.flatMap { [Bool](repeating: $0.byteCount > 1, count: $0.byteCount) }
      let isKnown = symbols.flatMap { [Bool](repeating: $0.id != nil, count: $0.byteCount) }
      var start = 0
      for character in word {
        let bytes = start..<(start + character.utf8.count)
        start = bytes.upperBound
        let spelledByBytes = !character.isASCII && !isMerged[bytes].contains(true)
        if spelledByBytes || isKnown[bytes].contains(false), !found.contains(character) {
          found.append(character)
        }
      }
    }
    return found
  }
}
