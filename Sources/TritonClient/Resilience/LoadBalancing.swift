// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// Which of several usable servers a call goes to. More ways may be added.
public struct LoadBalancing: Hashable, Sendable {
  private enum Value {
    case roundRobin, leastOutstanding
  }

  private let value: Value

  private init(_ value: Value) {
    self.value = value
  }

  /// The one that was chosen longest ago: each in turn.
  public static let roundRobin = LoadBalancing(.roundRobin)
  /// The one with the fewest calls in flight from this client; of several such ones each in turn.
  public static let leastOutstanding = LoadBalancing(.leastOutstanding)
}
