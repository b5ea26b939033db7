// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import RemoteNodes
import Testing

@Suite("The CLIP tokenizer")
struct CLIPTokenizerTests {
  struct GoldenFile: Decodable {
    struct Case: Decodable {
      var text: String
      var ids: [Int]
    }
    var length: Int
    var pad: Int
    var cases: [Case]
  }

  private func shapes() throws -> CLIPTokenizer {
    try CLIPTokenizer(
      vocabulary: Golden.modelFile("shapes_tokenizer/1/vocab.json"),
      merges: Golden.modelFile("shapes_tokenizer/1/merges.txt"))
  }

  /// A vocabulary without most letters: "a" and "b", "ab" as a word, and "é" joined.
  private func tiny() throws -> CLIPTokenizer {
    let vocabulary = """
      {"a": 0, "b": 1, "a</w>": 2, "b</w>": 3, "ab</w>": 4, "Ã": 5, "©": 6, "Ã©": 7, "©</w>": 8, "Ã©</w>": 9, \
      "(</w>": 10, "<s>": 11, "</s>": 12, "?": 13}
      """
    return try CLIPTokenizer(
      vocabulary: Array(vocabulary.utf8), merges: Array("#version: 0.2\na b</w>\nÃ ©\r\nÃ ©</w>\n".utf8),
      specialTokens: .init(beginning: "<s>", end: "</s>", padding: "</s>", unknown: "?"), chunkLength: 5)
  }

  @Test("Every prompt gets the numbers that transformers gives it")
  func golden() throws {
    let file = try Golden.decode("tokenizer", as: GoldenFile.self)
    #expect(file.cases.count > 200)
    let tokenizer = try shapes()
    #expect(tokenizer.paddingID == file.pad)
    for item in file.cases {
      // transformers cuts off what does not fit; here it goes on in the next window.
      let window = try #require(tokenizer.chunks(for: item.text).first)
      let expected = item.ids + [Int](repeating: file.pad, count: file.length - item.ids.count)
      #expect(window == expected, "\(item.text.debugDescription)")
    }
  }

  @Test("Words are merged, in lower case, ended and filled up")
  func chunks() throws {
    let tokenizer = try tiny()
    #expect(tokenizer.tokens(in: "AB b") == [4, 3])
    #expect(tokenizer.chunks(for: "ab") == [[11, 4, 12, 12, 12]])
    #expect(tokenizer.chunks(for: "") == [[11, 12, 12, 12, 12]])
    #expect(tokenizer.chunks(for: " \n ") == [[11, 12, 12, 12, 12]])
  }

  @Test("What does not fit one window goes on in the next")
  func longPrompts() throws {
    let tokenizer = try tiny()
    #expect(tokenizer.chunks(for: "a b a") == [[11, 2, 3, 2, 12]])
    #expect(tokenizer.chunks(for: "a b a b") == [[11, 2, 3, 2, 12], [11, 3, 12, 12, 12]])
    #expect(try shapes().chunks(for: String(repeating: "red ", count: 76)).map(\.count) == [77, 77])
    #expect(try shapes().chunks(for: String(repeating: "red ", count: 75)).count == 1)
  }

  @Test("Special tokens in a prompt stand for themselves, exactly as they are spelled")
  func specialTokens() throws {
    let tokenizer = try tiny()
    #expect(tokenizer.tokens(in: "a<s>b </s>") == [2, 11, 3, 12])
    #expect(tokenizer.tokens(in: "<S>").contains(11) == false)
  }

  @Test("Composed and decomposed letters are the same; parentheses are punctuation")
  func normalization() throws {
    let tokenizer = try tiny()
    #expect(tokenizer.tokens(in: "\u{e9}") == [9])
    #expect(tokenizer.tokens(in: "e\u{301}") == [9])
    #expect(tokenizer.tokens(in: "(") == [10])
    #expect(try shapes().tokens(in: "(red:1.2) ((circle") != [])
  }

  @Test("Characters that the vocabulary cannot spell, or only byte by byte, are named")
  func unknownCharacters() throws {
    let tokenizer = try tiny()
    #expect(tokenizer.tokens(in: "c") == [13])
    #expect(tokenizer.unknownCharacters(in: "ab (") == [])
    #expect(tokenizer.unknownCharacters(in: "b c ccd") == ["c", "d"])
    #expect(tokenizer.unknownCharacters(in: "\u{e9}") == [])
    let shapes = try shapes()
    #expect(shapes.unknownCharacters(in: "a small red circle, (on) blue!") == [])
    #expect(shapes.unknownCharacters(in: "красный circle 🔴 🔴") == ["к", "р", "а", "с", "н", "ы", "й", "🔴"])
    #expect(shapes.unknownCharacters(in: "") == [])
  }

  @Test("Files that do not fit are refused with the reason")
  func badFiles() throws {
    func error(_ vocabulary: String, _ merges: String, bos: String = "<s>") -> String? {
      #expect(throws: GraphError.self) {
        try CLIPTokenizer(
          vocabulary: Array(vocabulary.utf8), merges: Array(merges.utf8),
          specialTokens: .init(beginning: bos, end: "<s>", padding: "<s>", unknown: "<s>"))
      }?.message
    }
    #expect(error("[]", "")?.contains("vocab.json is not a JSON object") == true)
    #expect(error(#"{"<s>": 0, "a": 1}"#, "a b")?.contains("line 1") == true)
    #expect(error(#"{"<s>": 0}"#, "#version: 0.2\n\n", bos: "<t>")?.contains("bos_token") == true)
    #expect(throws: GraphError.self) {
      try CLIPTokenizer(
        vocabulary: Array(#"{"<|startoftext|>": 0, "<|endoftext|>": 1}"#.utf8), merges: [], chunkLength: 2)
    }
  }
}
