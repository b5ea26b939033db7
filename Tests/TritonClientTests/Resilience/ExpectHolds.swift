// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing

/// As `#expect` without the parts of the condition: for walks of many thousand steps, whose time it would take.
func expectHolds(
  _ condition: Bool,
  _ rule: @autoclosure () -> String,
  at sourceLocation: SourceLocation = #_sourceLocation
) {
  if !condition { Issue.record("\(rule())", sourceLocation: sourceLocation) }
}
