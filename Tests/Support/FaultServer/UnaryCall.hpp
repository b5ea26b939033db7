// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#ifndef FAULT_SERVER_UNARY_CALL_HPP
#define FAULT_SERVER_UNARY_CALL_HPP

#include <string>

#include "Call.hpp"

/// Whether this server answers a method of the service, which has one request and one answer.
bool is_unary_method(const std::string &method);

/// Starts to answer a call of a method with one request and one answer; deletes itself when the call is over.
grpc::ServerGenericBidiReactor *start_unary_call(
    const std::string &method, grpc::GenericCallbackServerContext &context, Shared &shared);

#endif  // FAULT_SERVER_UNARY_CALL_HPP
