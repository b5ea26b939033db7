// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#pragma once

/// Sends back every message of every connection: eight bytes that say how many follow, and those. A message is
/// received whole before the first byte goes back, as a unary call's is.
class TCPEcho {
 public:
  /// Begins to answer, on loopback and a port that the system chooses; if it spoils, with a byte changed. Ends
  /// with the process.
  explicit TCPEcho(bool spoils);

  int port() const { return port_; }

 private:
  int port_ = 0;
};
