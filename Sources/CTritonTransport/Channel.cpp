// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#include "Channel.hpp"

#include <mutex>
#include <new>

namespace {

/// gRPC runs completions on threads that it ends together with the process's last channel. If a completion
/// itself releases that channel, the thread waits for its own end and then goes on with a freed queue. One
/// channel that is never closed (a lame one: it has no credentials and connects nowhere) keeps them alive.
void keep_completion_threads() {
  static std::once_flag once;
  std::call_once(once, [] {
    struct Keeper {
      CTriton_Channel channel{grpc::CreateCustomChannel("", nullptr, grpc::ChannelArguments())};
      grpc::ClientContext context;
      grpc::Slice nothing;
      grpc::ByteBuffer request{&nothing, 1};
      grpc::ByteBuffer response;
    };
    static auto *keeper = new Keeper();
    // A channel belongs to those threads from its first call on.
    keeper->channel.stub.UnaryCall(&keeper->context, "/keep/alive", grpc::StubOptions(), &keeper->request,
                                   &keeper->response, [](const grpc::Status &) {});
  });
}

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

CTriton_Channel *CTriton_channel_create(const char *target, const CTriton_ChannelOptions *options) {
  try {
    keep_completion_threads();
    auto channel = grpc::CreateCustomChannel(
        target, grpc::InsecureChannelCredentials(), channel_arguments(*options));
    return new CTriton_Channel(std::move(channel));
  } catch (...) {
    return nullptr;
  }
}

void CTriton_channel_destroy(CTriton_Channel *channel) { delete channel; }

const char *CTriton_grpc_version(void) {
  static const std::string version = grpc::Version();
  return version.c_str();
}
