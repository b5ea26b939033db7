// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// Nothing to call: the definitions of this target work by being linked.
