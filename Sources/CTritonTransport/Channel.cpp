// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#include "Channel.hpp"

#include <grpc/grpc_security.h>

#include <string_view>
#include <utility>
#include <vector>

namespace {

/// The arguments of a channel, which refer to the options they are made of.
class ChannelArguments final {
 public:
  explicit ChannelArguments(const CTriton_ChannelOptions &options) {
    add(GRPC_ARG_MAX_RECEIVE_MESSAGE_LENGTH, options.maximumReceiveBytes);
    add(GRPC_ARG_MAX_SEND_MESSAGE_LENGTH, -1);
    // A status may carry a model's traceback. One beyond this limit is lost, and with it, in some versions of gRPC,
    // other calls on the connection.
    add(GRPC_ARG_MAX_METADATA_SIZE, 1 << 20);
    add(GRPC_ARG_PRIMARY_USER_AGENT_STRING, options.userAgent);
    add(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, options.connectTimeoutMilliseconds);
    add(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, options.initialReconnectBackoffMilliseconds);
    add(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, options.maximumReconnectBackoffMilliseconds);
    add(GRPC_ARG_ENABLE_HTTP_PROXY, options.usesProxy ? 1 : 0);
    if (options.keepaliveIntervalMilliseconds >= 0) add_keepalive(options);
    // Retries are the caller's: gRPC's own would keep a reference to each request's memory.
    add(GRPC_ARG_ENABLE_RETRIES, 0);
    // Two clients of one process share no connection: closing or blocking one must not touch the other.
    add(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  }

  grpc_channel_args list() { return {arguments_.size(), arguments_.data()}; }

 private:
  void add_keepalive(const CTriton_ChannelOptions &options) {
    add(GRPC_ARG_KEEPALIVE_TIME_MS, options.keepaliveIntervalMilliseconds);
    add(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, options.keepaliveTimeoutMilliseconds);
    add(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, options.keepsAliveWithoutCalls ? 1 : 0);
    // Otherwise gRPC stops asking after two questions without a request between them, as while a long call is waited
    // for.
    add(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  }

  void add(const char *key, int value) {
    grpc_arg argument{};
    argument.type = GRPC_ARG_INTEGER;
    argument.key = const_cast<char *>(key);
    argument.value.integer = value;
    arguments_.push_back(argument);
  }

  void add(const char *key, const char *value) {
    grpc_arg argument{};
    argument.type = GRPC_ARG_STRING;
    argument.key = const_cast<char *>(key);
    argument.value.string = const_cast<char *>(value);
    arguments_.push_back(argument);
  }

  std::vector<grpc_arg> arguments_;
};

grpc_channel *create(const char *target, const grpc_channel_args &arguments) {
  grpc_channel_credentials *credentials = grpc_insecure_credentials_create();
  grpc_channel *channel = grpc_channel_create(target, credentials, &arguments);
  grpc_channel_credentials_release(credentials);
  return channel;
}

/// The monotonic clock: setting the machine's time must not move a deadline.
gpr_timespec deadline(int64_t timeoutNanoseconds) {
  if (timeoutNanoseconds < 0) return gpr_inf_future(GPR_CLOCK_MONOTONIC);
  return gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_nanos(timeoutNanoseconds, GPR_TIMESPAN));
}

}  // namespace

Channel::Channel(const char *target, const grpc_channel_args &arguments, std::shared_ptr<Loop> loop)
    : loop_(std::move(loop)), channel_(create(target, arguments)) {}

Channel::~Channel() { grpc_channel_destroy(channel_); }

void *Channel::registered(const char *method) {
  std::lock_guard<std::mutex> lock(mutex_);
  const auto known = methods_.find(std::string_view(method));
  if (known != methods_.end()) return known->second;
  void *handle = grpc_channel_register_call(channel_, method, nullptr, nullptr);
  methods_.emplace(method, handle);
  return handle;
}

grpc_call *Channel::create_call(const CTriton_CallDescription &description) {
  return grpc_channel_create_registered_call(
      channel_, nullptr, GRPC_PROPAGATE_DEFAULTS, loop_->queue(), registered(description.method),
      deadline(description.timeoutNanoseconds), nullptr);
}

void Channel::connect() {
  grpc_channel_reset_connect_backoff(channel_);
  grpc_channel_check_connectivity_state(channel_, 1);
}

bool Channel::watch(grpc_connectivity_state state, Completion &completion) {
  const Loop::Hold hold(*loop_);
  if (!hold.is_held()) return false;
  // A channel to an impossible address never changes, and gRPC would wait for the end of the time.
  const bool mayChange = grpc_channel_support_connectivity_watcher(channel_) != 0;
  grpc_channel_watch_connectivity_state(
      channel_, state, mayChange ? gpr_inf_future(GPR_CLOCK_MONOTONIC) : gpr_inf_past(GPR_CLOCK_MONOTONIC),
      loop_->queue(), completion.tag());
  return true;
}

CTriton_Channel *CTriton_channel_create(
    const char *target, const CTriton_ChannelOptions *options, const CTriton_Loop *loop) {
  try {
    ChannelArguments arguments(*options);
    return new CTriton_Channel{std::make_shared<Channel>(target, arguments.list(), loop->loop)};
  } catch (...) {
    return nullptr;
  }
}

void CTriton_channel_destroy(CTriton_Channel *channel) { delete channel; }

void CTriton_channel_connect(CTriton_Channel *channel) { channel->channel->connect(); }

const char *CTriton_grpc_version(void) {
  static const std::string version = grpc::Version();
  return version.c_str();
}
