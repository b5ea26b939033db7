// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#include <memory>

#include "Channel.hpp"

namespace {

static_assert(static_cast<int>(CTriton_ChannelState_idle) == GRPC_CHANNEL_IDLE, "the same numbers");
static_assert(static_cast<int>(CTriton_ChannelState_connecting) == GRPC_CHANNEL_CONNECTING, "the same numbers");
static_assert(static_cast<int>(CTriton_ChannelState_ready) == GRPC_CHANNEL_READY, "the same numbers");
static_assert(
    static_cast<int>(CTriton_ChannelState_transientFailure) == GRPC_CHANNEL_TRANSIENT_FAILURE, "the same numbers");
static_assert(static_cast<int>(CTriton_ChannelState_shutdown) == GRPC_CHANNEL_SHUTDOWN, "the same numbers");

/// Follows the state of a channel, one change after the other. It belongs to gRPC, which holds it until the next change.
///
/// gRPC has no way to give up waiting for a change, but it ends the waiting with the channel: so nothing here may keep
/// that.
class ChannelWatch final : public Completion {
 public:
  ChannelWatch(const std::shared_ptr<Channel> &channel, void *owner, const CTriton_ChannelEvents &events)
      : channel_(channel), owner_(owner), events_(events) {}

  void complete(bool ok) override {
    bool goesOn = false;
    if (const std::shared_ptr<Channel> channel = channel_.lock()) {
      const grpc_connectivity_state state = channel->state();
      goesOn = tell(state) && ok && channel->watch(state, *this);
      // This may have been the last reference to the channel, whose end then is the next change.
    } else {
      tell(GRPC_CHANNEL_SHUTDOWN);
    }
    if (goesOn) return;
    events_.onEnd(owner_);
    delete this;
  }

 private:
  bool tell(grpc_connectivity_state state) {
    if (state == last_) return true;
    last_ = state;
    return events_.onState(owner_, static_cast<CTriton_ChannelState>(state));
  }

  const std::weak_ptr<Channel> channel_;
  void *const owner_;
  const CTriton_ChannelEvents events_;
  /// What was told last; at the beginning none of the states.
  int last_ = -1;
};

}  // namespace

bool CTriton_channel_watch(CTriton_Channel *channel, void *context, const CTriton_ChannelEvents *events) {
  try {
    auto watch = std::make_unique<ChannelWatch>(channel->channel, context, *events);
    // No channel that exists is in this state: so the first change comes at once.
    if (!channel->channel->watch(GRPC_CHANNEL_SHUTDOWN, *watch)) return false;
    watch.release();
    return true;
  } catch (...) {
    return false;
  }
}
