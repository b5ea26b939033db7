// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#include "Records.hpp"

namespace {

constexpr auto relaxed = std::memory_order_relaxed;

}  // namespace

WatchRecord::WatchRecord(Ledger &ledger, std::shared_ptr<ChannelRecord> channel, uint8_t reaction)
    : ledger_(ledger), loop_(channel->loop), reaction_(reaction), channel_(channel) {
  static const CTriton_ChannelEvents events{has_state, has_ended};
  if ((reaction & leavesTheChannel) != 0) kept_ = channel;
  ledger_.owe(Debt::watchEnd);
  if (CTriton_channel_watch(channel->handle, this, &events)) return;
  loop_.if_running([] { fail("no watch was started"); });
  kept_.reset();
  ledger_.pay(Debt::watchEnd);
}

bool WatchRecord::has_state(void *context, CTriton_ChannelState state) {
  auto *watch = static_cast<WatchRecord *>(context);
  watch->loop_.check_thread();
  if (watch->hasEnded_.load(relaxed)) fail("a state came after the end");
  if (state < CTriton_ChannelState_idle || state > CTriton_ChannelState_shutdown) fail("a state that does not exist");
  if (state == watch->last_) fail("a state came twice");
  if (watch->last_ == CTriton_ChannelState_shutdown) fail("a state came after the channel had gone");
  watch->last_ = state;
  watch->react();
  watch->ledger_.note();
  return (watch->reaction_ & ends) == 0;
}

void WatchRecord::react() {
  if (const std::shared_ptr<ChannelRecord> channel = channel_.lock()) {
    if ((reaction_ & connects) != 0) CTriton_channel_connect(channel->handle);
    if ((reaction_ & watchesAgain) != 0 && next_ == nullptr) {
      next_ = std::make_unique<WatchRecord>(ledger_, channel, 0);
    }
  }
  // The channel may go here, within its own event.
  kept_.reset();
}

void WatchRecord::has_ended(void *context) {
  auto *watch = static_cast<WatchRecord *>(context);
  watch->loop_.check_thread();
  if (watch->hasEnded_.exchange(true, relaxed)) fail("a watch ended twice");
  watch->kept_.reset();
  // The last use of the record.
  watch->ledger_.pay(Debt::watchEnd);
}
