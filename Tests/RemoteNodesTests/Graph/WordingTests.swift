// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing

@testable import RemoteNodes

@Suite("Words of error texts")
struct WordingTests {
  @Test("Lists")
  func lists() {
    #expect(listed([]) == "none")
    #expect(listed(["a"]) == "a")
    #expect(listed(["a", "b"]) == "a or b")
    #expect(listed(["a", "b", "c"], conjunction: "and") == "a, b and c")
  }

  @Test("Names stay on one line")
  func quotes() {
    #expect(quoted("a\nb\"c\\d") == #""a\u{a}b\"c\\d""#)
  }

  @Test(
    "Near misses: spelling, case, folders, beginnings",
    arguments: [
      ("shape", ["shapes"]), ("SHAPES", ["shapes"]), ("shaeps", ["shapes"]), ("sd_xl", ["sd_xl_base_1.0"]),
      ("sdxl-base-1.0", ["sd_xl_base_1.0"]), ("flux", []), ("", []),
    ])
  func nearMiss(wanted: String, expected: [String]) {
    #expect(nearMatches(to: wanted, among: ["shapes", "sd_xl_base_1.0", "v1-5-pruned"]) == expected)
  }

  @Test(
    "Levenshtein's distance",
    arguments: [
      ("kitten", "sitting", 3), ("", "abc", 3), ("abc", "", 3), ("same", "same", 0), ("flaw", "lawn", 2),
    ])
  func distance(left: String, right: String, expected: Int) {
    #expect(editDistance(Array(left), Array(right)) == expected)
  }
}
