// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// A name as it stands in an error text, with control characters made visible so that a text stays one line.
func quoted(_ name: String) -> String {
  var text = "\""
  for scalar in name.unicodeScalars {
    switch scalar {
    case "\"", "\\": text += "\\\(scalar)"
    case _ where scalar.properties.generalCategory == .control:
      text += "\\u{\(String(scalar.value, radix: 16))}"
    default: text.unicodeScalars.append(scalar)
    }
  }
  return text + "\""
}

/// "a", "a or b", "a, b or c"
func listed(_ names: [String], conjunction: String = "or") -> String {
  guard let last = names.last, names.count > 1 else { return names.first ?? "none" }
  return names.dropLast().joined(separator: ", ") + " \(conjunction) " + last
}

/// The names that look most like a wanted one: at most three, the nearest first, none where nothing is near.
///
/// Case, punctuation and folders do not count; a name that begins with the wanted one, or the other way
/// round, is near too.
func nearMatches(to wanted: String, among names: some Sequence<String>) -> [String] {
  func folded(_ name: String) -> [Character] {
    name.lowercased().filter { $0.isLetter || $0.isNumber }
  }
  let target = folded(wanted)
  guard !target.isEmpty else { return [] }
  let scored = names.compactMap { name -> (name: String, distance: Int)? in
    let candidate = folded(name)
    guard !candidate.isEmpty else { return nil }
    let shorter = min(target.count, candidate.count)
    let contained = shorter >= 3 && (candidate.starts(with: target) || target.starts(with: candidate))
    let distance = editDistance(target, candidate)
    guard contained || distance <= max(1, (max(target.count, candidate.count) + 1) / 3) else { return nil }
    return (name, distance)
  }
  return scored.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }.prefix(3).map(\.name)
}

/// Levenshtein's distance: the insertions, deletions and replacements that turn one into the other.
func editDistance(_ left: [Character], _ right: [Character]) -> Int {
  var row = Array(0...right.count)
  for (index, character) in left.enumerated() {
    var diagonal = row[0]
    row[0] = index + 1
    for (other, candidate) in right.enumerated() {
      let replaced = diagonal + (character == candidate ? 0 : 1)
      diagonal = row[other + 1]
      row[other + 1] = min(replaced, row[other] + 1, diagonal + 1)
    }
  }
  return row[right.count]
}
