// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#ifndef CTRITON_CHANNEL_HPP
#define CTRITON_CHANNEL_HPP

#include <grpc/grpc.h>

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "CTritonTransport.h"
#include "Loop.hpp"

/// A channel of gRPC's core. It lives until its last call has ended.
class Channel final {
 public:
  Channel(const char *target, const grpc_channel_args &arguments, std::shared_ptr<Loop> loop);
  ~Channel();

  Loop &loop() { return *loop_; }

  /// A call of a method, which does nothing yet.
  grpc_call *create_call(const CTriton_CallDescription &description);

  /// Connects at once.
  void connect();

  grpc_connectivity_state state() { return grpc_channel_check_connectivity_state(channel_, 0); }

  /// Has a completion told when the state is another one than this; not ok if it can never be. Returns false, and
  /// nothing is told, when the loop has been stopped.
  bool watch(grpc_connectivity_state state, Completion &completion);

 private:
  /// A method's handle, which saves gRPC from looking at its path for each call.
  void *registered(const char *method);

  const std::shared_ptr<Loop> loop_;
  grpc_channel *const channel_;
  std::mutex mutex_;
  std::map<std::string, void *, std::less<>> methods_;
};

/// The handle owns the channel together with its calls.
struct CTriton_Channel {
  std::shared_ptr<Channel> channel;
};

#endif  // CTRITON_CHANNEL_HPP
