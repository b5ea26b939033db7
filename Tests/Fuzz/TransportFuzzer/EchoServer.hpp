// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#pragma once

#include <string>

/// Starts a gRPC server in this process, on loopback and a port that the system chooses, and returns its target. It
/// runs until the process ends.
///
/// What it does depends on the method: `/fuzz/Echo` gives every message back, `/fuzz/Fail` ends with PERMISSION_DENIED
/// and a push-back of 70 ms after the first one, `/fuzz/Nothing` ends with OK without an answer, `/fuzz/Twice` gives every message back twice,
/// `/fuzz/Slow` gives it back after a millisecond. Others do not exist.
std::string start_echo_server();
