// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#ifndef FAULT_SERVER_CALL_HPP
#define FAULT_SERVER_CALL_HPP

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/support/proto_buffer_reader.h>

#include <memory>
#include <optional>
#include <string>

#include "CallLog.hpp"
#include "Proxy/TcpProxy.hpp"
#include "Values.hpp"

/// What all calls share.
struct Shared {
  CallLog log;
  std::unique_ptr<TcpProxy> proxy;
};

/// One RPC as those see it who answer it.
struct Call {
  grpc::GenericCallbackServerContext &context;
  Shared &shared;

  /// What the caller asks for: the header's values, and a request's own over them.
  Values values;

  /// The request's id and model, and how many calls with this id there have been. Set by `infer`.
  std::string id{};
  std::string model{};
  int64_t attempt = 1;
};

/// The header `fault` as values.
Values values_of_headers(const grpc::GenericCallbackServerContext &context);

/// The status that a call is to end with; nothing if it is to be answered. Of a call that fails a number of
/// times, `attempt` tells which time it is.
std::optional<grpc::Status> status_asked_for(const Values &values, int64_t attempt);

/// Sets what travels beside the answer: its compression and the trailing metadata.
void decorate(grpc::GenericCallbackServerContext &context, const Values &values);

/// Parses a message; throws BadRequest.
template <class Message>
Message parse(const grpc::ByteBuffer &buffer, const std::string &method) {
  Message message;
  grpc::ByteBuffer sameBytes(buffer);
  grpc::ProtoBufferReader reader(&sameBytes);
  if (!reader.status().ok() || !message.ParseFromZeroCopyStream(&reader)) {
    throw BadRequest(method + ": the request is no " + Message::descriptor()->name());
  }
  return message;
}

/// A message of these bytes, which it takes over.
grpc::ByteBuffer message_of(std::string bytes);

#endif  // FAULT_SERVER_CALL_HPP
