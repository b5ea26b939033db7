// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import Testing

@testable import RemoteNodes

@Suite("JSON")
struct JSONTests {
  private func parse(_ text: String) throws -> JSONValue {
    try JSONParser.parse(Array(text.utf8))
  }

  @Test(
    "Order and spelling survive reading and writing",
    arguments: [
      #"{"b": 1, "a": [true, false, null, -0.5e+10, 18446744073709551615, 8.0]}"#,
      #"{"text": "a \"red\" \\ circle\n\t", "empty": {}, "list": []}"#,
      #"[]"#, #""x""#, #"-1"#, #"0"#,
    ])
  func roundTrip(text: String) throws {
    #expect(try parse(text).text == text)
  }

  @Test("Writing escapes everything outside ASCII")
  func escapes() throws {
    #expect(JSONValue.string("é 🔴 \u{7f}/").text == #""\u00e9 \ud83d\udd34 \u007f/""#)
    #expect(try parse(#""\u00e9 \ud83d\udd34 \/ \b\f""#) == .string("é 🔴 / \u{8}\u{c}"))
  }

  @Test("Space and a byte order mark around values are skipped")
  func space() throws {
    #expect(
      try parse("\u{feff} { \"a\" :\r\n\t[ 1 , 2 ] } ")
        == .object([.init("a", .array([.number("1"), .number("2")]))]))
  }

  @Test(
    "Mistakes are told with their place",
    arguments: [
      ("", "line 1, column 1: the text ends where a value should be"),
      ("{\"a\": 1,\n \"b\" 2}", "line 2, column 6: expected ':' after the name \"b\""),
      ("{\"a\": 1, \"a\": 2}", "line 1, column 13: the name \"a\" is there twice"),
      ("[1 2]", "line 1, column 4: expected ',' or ']'"),
      ("{\"a\": 1 ", "line 1, column 9: expected ',' or '}'"),
      ("{1: 2}", "line 1, column 2: expected a member's name in quotes"),
      ("nul", "line 1, column 1: this is no JSON value"),
      ("01", "line 1, column 3: this is no JSON value"),
      ("1.", "line 1, column 3: a digit must follow the point"),
      ("1e", "line 1, column 3: the exponent has no digits"),
      ("NaN", "line 1, column 1: this is no JSON value"),
      ("\"abc", "line 1, column 5: a string has no end"),
      ("\"a\u{1}\"", "line 1, column 3: a control character in a string"),
      ("\"\\x\"", "line 1, column 4: an unknown escape"),
      ("\"\\u12g4\"", "line 1, column 4: \\u must be followed by four hexadecimal digits"),
      ("1 2", "line 1, column 3: something follows the end of the value"),
    ] as [(String, String)])
  func mistakes(text: String, message: String) {
    let error = #expect(throws: JSONParser.Mistake.self) { try parse(text) }
    #expect(error?.description == message)
  }

  @Test("A string that is not UTF-8 is refused")
  func encoding() {
    #expect(throws: JSONParser.Mistake.self) { try JSONParser.parse([0x22, 0xff, 0x22]) }
  }

  @Test("Deep nesting is refused instead of using up the stack")
  func depth() throws {
    #expect(throws: JSONParser.Mistake.self) { try parse(String(repeating: "[", count: 100_000)) }
    let fine = String(repeating: "[", count: 150) + String(repeating: "]", count: 150)
    #expect(try parse(fine).text == fine)
  }

  @Test("Any cut of a workflow is refused, none crashes")
  func cuts() throws {
    let text = Workflow.textToImage(.init(prompt: "\"é\\", checkpoint: "shapes")).text
    for length in 0..<text.utf8.count {
      #expect(throws: JSONParser.Mistake.self) { try JSONParser.parse(Array(text.utf8.prefix(length))) }
    }
  }
}
