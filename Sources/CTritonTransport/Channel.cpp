// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#include "Channel.hpp"

#include <utility>

namespace {

grpc::ChannelArguments channel_arguments(const CTriton_ChannelOptions &options) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(options.maximumReceiveBytes);
  arguments.SetMaxSendMessageSize(-1);
  arguments.SetUserAgentPrefix(options.userAgent);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, options.connectTimeoutMilliseconds);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, options.initialReconnectBackoffMilliseconds);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, options.maximumReconnectBackoffMilliseconds);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, options.usesProxy ? 1 : 0);
  // Retries are the caller's: gRPC's own would keep a reference to each request's memory.
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  // Two clients of one process share no connection: closing or blocking one must not touch the other.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return arguments;
}

}  // namespace

CTriton_Channel *CTriton_channel_create(
    const char *target, const CTriton_ChannelOptions *options, const CTriton_Loop *loop) {
  try {
    auto channel = grpc::CreateCustomChannel(
        target, grpc::InsecureChannelCredentials(), channel_arguments(*options));
    return new CTriton_Channel(std::move(channel), loop->loop);
  } catch (...) {
    return nullptr;
  }
}

void CTriton_channel_destroy(CTriton_Channel *channel) { delete channel; }

const char *CTriton_grpc_version(void) {
  static const std::string version = grpc::Version();
  return version.c_str();
}
