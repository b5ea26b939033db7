// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// Bytes in MiB, with one decimal.
func inMebibytes(_ byteCount: Int) -> String {
  let tenths = (byteCount * 10) >> 20
  return "\(tenths / 10).\(abs(tenths % 10))"
}
