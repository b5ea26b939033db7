// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// One may have it at a time; the others wait in the order in which they came.
actor Turn {
  private var isTaken = false
  private var waiting: [CheckedContinuation<Void, Never>] = []

  func take() async {
    if !self.isTaken {
      self.isTaken = true
      return
    }
    await withCheckedContinuation { self.waiting.append($0) }
  }

  func give() {
    if self.waiting.isEmpty {
      self.isTaken = false
    } else {
      self.waiting.removeFirst().resume()
    }
  }
}
