// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#ifndef FAULT_SERVER_STREAM_CALL_HPP
#define FAULT_SERVER_STREAM_CALL_HPP

#include "Call.hpp"

/// Starts to answer a call of ModelStreamInfer; deletes itself when the call is over.
grpc::ServerGenericBidiReactor *start_stream_call(
    grpc::GenericCallbackServerContext &context, Shared &shared);

#endif  // FAULT_SERVER_STREAM_CALL_HPP
