// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// What a server said about when to try again, in the trailing metadata `grpc-retry-pushback-ms`
/// (gRFC A6, "gRPC Retry Design").
package enum RetryPushback: Sendable, Hashable {
  /// Not before this time has passed.
  case after(Duration)

  /// Not at all.
  case never
}
