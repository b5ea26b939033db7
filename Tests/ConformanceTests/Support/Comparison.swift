// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation

/// Where two values differ, one line a place.
enum Comparison {
  private static let shownLength = 240

  static func differences(_ ours: JSON, _ theirs: JSON, at path: String = "") -> [String] {
    switch (ours, theirs) {
    case (.object(let one), .object(let other)):
      return Set(one.keys).union(other.keys).sorted().flatMap { key in
        Comparison.differences(one[key], other[key], at: "\(path).\(key)")
      }
    case (.array(let one), .array(let other)) where one.count == other.count:
      return zip(one, other).enumerated().flatMap { index, pair in
        Comparison.differences(pair.0, pair.1, at: "\(path)[\(index)]")
      }
    default:
      if ours == theirs { return [] }
      return ["\(path): ours \(Comparison.shown(ours)), expected \(Comparison.shown(theirs))"]
    }
  }

  private static func differences(_ ours: JSON?, _ theirs: JSON?, at path: String) -> [String] {
    switch (ours, theirs) {
    case (let ours?, let theirs?): Comparison.differences(ours, theirs, at: path)
    case (let ours?, nil): ["\(path): only ours: \(Comparison.shown(ours))"]
    case (nil, let theirs?): ["\(path): missing in ours: \(Comparison.shown(theirs))"]
    case (nil, nil): []
    }
  }

  private static func shown(_ value: JSON) -> String {
    let text = Comparison.readable(value) ?? (try? value.text()) ?? "\(value)"
    return text.count > Comparison.shownLength ? "\(text.prefix(Comparison.shownLength))…" : text
  }

  /// Base64 as the text that it stands for, where it is text.
  private static func readable(_ value: JSON) -> String? {
    guard let data = try? value.data, !data.isEmpty, let text = String(validating: data, as: UTF8.self),
      text.allSatisfy({ !$0.isASCII || !($0.asciiValue ?? 0 < 0x20) })
    else { return nil }
    return "base64 of \(text)"
  }
}
