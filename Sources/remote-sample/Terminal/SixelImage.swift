// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import CSixel
import RemoteNodes

/// A picture as DEC sixel graphics, made by libsixel.
enum SixelImage {
  /// Where libsixel's callback puts what it encoded; alive for the length of one `encode` call.
  private final class Sink {
    var bytes: [UInt8] = []
  }

  /// libsixel answers 0x1000 and above when it failed.
  private static let failure: SIXELSTATUS = 0x1000
  private static let colors: Int32 = 256

  /// The escape sequence with the picture and a newline, or nil if libsixel refuses (memory, size).
  static func encode(_ image: Picture) -> [UInt8]? {
    let sink = Sink()
    // The sink is borrowed by libsixel until sixel_encode returns; `sink` itself lives to the end of this function.
    let context = Unmanaged.passUnretained(sink).toOpaque()
    var output: OpaquePointer?
    let created = sixel_output_new(
      &output,
      { data, count, context in
        guard let data, let context, count > 0 else { return 0 }
        let sink = Unmanaged<Sink>.fromOpaque(context).takeUnretainedValue()
        data.withMemoryRebound(to: UInt8.self, capacity: Int(count)) {
          sink.bytes += UnsafeBufferPointer(start: $0, count: Int(count))
        }
        return count
      }, context, nil)
    guard succeeded(created), let output else { return nil }
    defer { sixel_output_unref(output) }

    var dither: OpaquePointer?
    guard succeeded(sixel_dither_new(&dither, colors, nil)), let dither else { return nil }
    defer { sixel_dither_unref(dither) }

    let format = SIXEL_PIXELFORMAT_RGB888
    let width = Int32(image.width)
    let height = Int32(image.height)
    // libsixel takes the pixels as writable memory, so it gets a copy of its own for each pass.
    var palettePixels = image.pixels
    let status = sixel_dither_initialize(
      dither, &palettePixels, width, height, format, SIXEL_LARGE_AUTO, SIXEL_REP_AUTO, SIXEL_QUALITY_FULL)
    guard succeeded(status) else { return nil }
    sixel_dither_set_pixelformat(dither, format)
    var pixels = image.pixels
    guard succeeded(sixel_encode(&pixels, width, height, 3, dither, output)) else { return nil }
    return withExtendedLifetime(sink) { sink.bytes + [UInt8(ascii: "\n")] }
  }

  private static func succeeded(_ status: SIXELSTATUS) -> Bool { status & failure == 0 }
}
