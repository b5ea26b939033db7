// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// Nothing to call: GrpcOrder.cpp works by being linked.
