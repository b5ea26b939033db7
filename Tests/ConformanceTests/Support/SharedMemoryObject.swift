// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation

/// A shared-memory object on this machine, of two pages.
struct SharedMemoryObject {
  static let byteCount = 8_192

  private let path: String

  /// Makes the object; `name` begins with "/".
  init(named name: String) throws {
    self.path = "/dev/shm\(name)"
    try Data(count: SharedMemoryObject.byteCount).write(to: URL(fileURLWithPath: self.path))
  }

  func remove() {
    try? FileManager.default.removeItem(atPath: self.path)
  }
}
