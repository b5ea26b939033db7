// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#ifndef FAULT_SERVER_ROUTE_FAULTS_HPP
#define FAULT_SERVER_ROUTE_FAULTS_HPP

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

/// What happens to the bytes of one direction of a connection. Positions count from the connection's begin, or
/// from when the port was given these faults.
struct DirectionFaults {
  /// The connection ends after so many bytes.
  std::optional<int64_t> cutAt;
  /// Nothing passes any more after so many bytes, and the connection stays.
  std::optional<int64_t> stallAt;
  /// The bits of the byte at this position are inverted.
  std::optional<int64_t> corruptAt;
};

/// Connections that end somewhere, at random.
struct RandomDrops {
  /// How many of all connections, 0 … 1.
  double fraction = 0;
  /// Each of them ends before so many bytes have passed in one direction; where is drawn evenly.
  int64_t within = 200'000;
  /// Where the random numbers begin.
  uint64_t seed = 1;
};

/// What happens to the connections of one port of the proxy.
struct RouteFaults {
  /// From the caller to the server, and back.
  DirectionFaults upload, answer;
  /// How much later each byte arrives, in either direction.
  std::chrono::milliseconds latency{0};
  /// Whether a connection that is cut ends with an error instead of an end.
  bool resets = false;
  /// For connections that are made from now on.
  RandomDrops drops;
  /// Whether every byte is taken and none is passed on, nor is the end of the server's side: the other side has gone
  /// without a word.
  bool isBlackHole = false;
  /// Whether connections are closed as soon as they are made.
  bool refuses = false;
  /// What a caller gets in place of the server's answer, after which the connection is closed.
  std::string says;
  /// How many connections have these faults; those that come later pass untouched.
  int64_t connections = INT64_MAX;
};

#endif  // FAULT_SERVER_ROUTE_FAULTS_HPP
