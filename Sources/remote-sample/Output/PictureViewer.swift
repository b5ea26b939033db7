// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import RemoteNodes

/// Shows finished pictures on the terminal behind standard output; nil where there is none to show them on.
struct PictureViewer: Sendable {
  private let console: Console
  private let kind: PictureProtocol

  /// Finds out, once, how this terminal shows pictures.
  init?(console: Console) {
    guard !console.isQuiet, let device = TerminalDevice(STDOUT_FILENO) else { return nil }
    let variables = console.variables
    kind =
      PictureProtocol.known(from: variables)
      ?? .choose(variables: variables, primaryAttributes: device.primaryAttributes())
    guard kind != .none else { return nil }
    self.console = console
  }

  /// Draws the PNG file at `path`. A picture that cannot be drawn is no reason to fail: its file is there.
  func show(path: String) {
    guard let device = TerminalDevice(STDOUT_FILENO) else { return }
    do {
      let png = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
      let drawing = try TerminalPicture.render(png: png, protocol: kind, size: device.size)
      if let drawing { console.draw(drawing) }
    } catch {
      console.warning("the picture cannot be shown here: \(error)")
    }
  }
}
