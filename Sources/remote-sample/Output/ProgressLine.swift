// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// How far a run is.
struct ProgressSnapshot: Hashable, Sendable {
  /// What is being made: "picture 2/3", "node 5 KSampler".
  var label: String
  var step: Int
  var totalSteps: Int
  /// Mean of the steps so far, in seconds; nil before the first.
  var secondsPerStep: Double?
  /// Until the run's last step, in seconds; nil where nobody can know.
  var secondsLeft: Double?
}

/// Progress as text. Pure: what is drawn where is the console's business.
enum ProgressLine {
  /// Which characters a bar is made of.
  struct Style: Hashable, Sendable {
    var filled: String
    var empty: String

    static let unicode = Style(filled: "█", empty: "░")
    static let ascii = Style(filled: "#", empty: ".")

    /// The style that the locale of `variables` can show.
    static func forLocale(_ variables: [String: String]) -> Style {
      let locale =
        ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { variables[$0] }.first { !$0.isEmpty } ?? ""
      let encoding = locale.lowercased()
      return encoding.contains("utf-8") || encoding.contains("utf8") ? .unicode : .ascii
    }
  }

  private static let longestBar = 40
  private static let shortestBar = 8

  /// One line of fewer than `columns` characters: label, bar, step, time a step, time left; parts are left
  /// out from the least important on where the window is narrow.
  static func bar(_ snapshot: ProgressSnapshot, columns: Int, style: Style) -> String {
    // The last column stays free: a character there makes some terminals wrap.
    let room = columns - 1
    let count = "\(snapshot.step)/\(snapshot.totalSteps)"
    let pace = snapshot.secondsPerStep.map { "\(seconds($0)) a step" }
    let left = snapshot.secondsLeft.map { "\(seconds($0)) left" }
    let choices: [(label: String?, figures: [String?])] = [
      (snapshot.label, [count, pace, left]),
      (nil, [count, pace, left]),
      (nil, [count, left]),
      (nil, [count]),
    ]
    for choice in choices {
      let figures = choice.figures.compactMap { $0 }.joined(separator: "  ")
      let label = choice.label.map { $0 + "  " } ?? ""
      let barRoom = min(longestBar, room - label.count - figures.count - 2)
      if barRoom >= shortestBar {
        return label + drawn(snapshot, cells: barRoom, style: style) + "  " + figures
      }
    }
    return String(count.prefix(max(0, room)))
  }

  private static func drawn(_ snapshot: ProgressSnapshot, cells: Int, style: Style) -> String {
    let total = max(1, snapshot.totalSteps)
    let filled = min(cells, max(0, snapshot.step) * cells / total)
    return String(repeating: style.filled, count: filled)
      + String(repeating: style.empty, count: cells - filled)
  }

  /// The plain line for a step, for a log: only for the steps that end a quarter, the last one excepted
  /// (the line that says the run is done stands for it).
  static func milestone(_ snapshot: ProgressSnapshot) -> String? {
    let (step, total) = (snapshot.step, snapshot.totalSteps)
    guard step > 0, step < total, step * 4 / total > (step - 1) * 4 / total else { return nil }
    var parts = ["\(snapshot.label): step \(step)/\(total)"]
    if let pace = snapshot.secondsPerStep { parts.append("\(seconds(pace)) a step") }
    if let left = snapshot.secondsLeft { parts.append("\(seconds(left)) left") }
    return parts.joined(separator: ", ")
  }

  /// A time for people: "0.04 s", "3.2 s", "48 s", "2 min 05 s", "3 h 12 min".
  static func seconds(_ value: Double) -> String {
    guard value.isFinite, value >= 0 else { return "? s" }
    if value < 0.995 { return "\(fixed(value, digits: 2)) s" }
    if value < 9.95 { return "\(fixed(value, digits: 1)) s" }
    let whole = Int(value.rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(padded(whole % 60)) s" }
    return "\(whole / 3600) h \(padded(whole % 3600 / 60)) min"
  }

  private static func fixed(_ value: Double, digits: Int) -> String {
    let unit = digits == 2 ? 100 : 10
    let scaled = Int((value * Double(unit)).rounded())
    let fraction = String(scaled % unit)
    return "\(scaled / unit)." + String(repeating: "0", count: digits - fraction.count) + fraction
  }

  private static func padded(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
