// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation

/// A terminal behind an open file descriptor.
struct TerminalDevice {
  /// How large a terminal is, in character cells and, where it tells, in pixels.
  struct Size: Hashable, Sendable {
    var columns: Int
    var rows: Int
    var pixelWidth: Int?
    var pixelHeight: Int?
  }

  let descriptor: Int32

  /// Nil if `descriptor` is not a terminal.
  init?(_ descriptor: Int32) {
    guard isatty(descriptor) == 1 else { return nil }
    self.descriptor = descriptor
  }

  /// The window's size now; what a window does not know (a pipe's pseudo-terminal says 0) is 80 × 24.
  var size: Size {
    var window = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &window) == 0 else { return Size(columns: 80, rows: 24) }
    return Size(
      columns: window.ws_col > 0 ? Int(window.ws_col) : 80,
      rows: window.ws_row > 0 ? Int(window.ws_row) : 24,
      pixelWidth: window.ws_xpixel > 0 ? Int(window.ws_xpixel) : nil,
      pixelHeight: window.ws_ypixel > 0 ? Int(window.ws_ypixel) : nil)
  }

  /// Asks the terminal for its primary device attributes and waits a short while for the answer.
  ///
  /// Empty if it gives none, or if this process runs in the background, where touching the terminal's
  /// settings would stop it. The terminal is in raw mode meanwhile, so that the answer is not echoed.
  func primaryAttributes(timeout: Duration = .milliseconds(200)) -> [Int] {
    guard let name = ttyname(descriptor) else { return [] }
    let terminal = open(name, O_RDWR | O_NOCTTY)
    guard terminal >= 0 else { return [] }
    defer { close(terminal) }
    let foreground = tcgetpgrp(terminal)
    guard foreground == -1 || foreground == getpgrp() else { return [] }

    var saved = termios()
    guard tcgetattr(terminal, &saved) == 0 else { return [] }
    var raw = saved
    cfmakeraw(&raw)
    guard tcsetattr(terminal, TCSADRAIN, &raw) == 0 else { return [] }
    defer { tcsetattr(terminal, TCSADRAIN, &saved) }

    let question = PrimaryAttributes.question
    guard write(terminal, question, question.count) == question.count else { return [] }
    return answer(from: terminal, within: timeout)
  }

  private func answer(from terminal: Int32, within timeout: Duration) -> [Int] {
    let clock = ContinuousClock()
    let end = clock.now + timeout
    var received: [UInt8] = []
    // An answer is some 20 bytes; more than this is somebody pasting text.
    while received.count < 4096 {
      let left = (end - clock.now) / .milliseconds(1)
      guard left > 0 else { return [] }
      var poller = pollfd(fd: terminal, events: Int16(POLLIN), revents: 0)
      guard poll(&poller, 1, Int32(left.rounded(.up))) > 0 else { return [] }
      var chunk = [UInt8](repeating: 0, count: 256)
      let count = read(terminal, &chunk, chunk.count)
      guard count > 0 else { return [] }
      received += chunk[..<count]
      if let attributes = PrimaryAttributes.parse(received) { return attributes }
    }
    return []
  }
}
