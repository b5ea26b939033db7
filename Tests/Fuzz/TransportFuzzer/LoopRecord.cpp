// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#include "Records.hpp"

LoopRecord::LoopRecord(Ledger &ledger) : ledger_(ledger) {
  static const CTriton_LoopTasks tasks{run, end};
  ledger.owe(Debt::loopEnd);
  handle_ = CTriton_loop_start("fuzz", this, &tasks);
  if (handle_ == nullptr) fail("no loop was started");
  if (CTriton_loop_is_current(handle_)) fail("the program's thread is taken for the loop's");
}

void LoopRecord::check_thread() const {
  if (!hasThread_.load(std::memory_order_acquire) || !pthread_equal(thread_, pthread_self())) {
    fail("an event came on another thread than the loop's");
  }
}

void LoopRecord::wake() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (isStopped_) return;
  // Owed before the thread can pay it; one run answers several wakes.
  ledger_.owe(Debt::wake);
  if (isWakeOwed_.exchange(true, std::memory_order_relaxed)) ledger_.pay(Debt::wake);
  CTriton_loop_wake(handle_);
}

void LoopRecord::stop() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (isStopped_) return;
  isStopped_ = true;
  CTriton_loop_stop(handle_);
}

bool LoopRecord::run(void *context) {
  auto *loop = static_cast<LoopRecord *>(context);
  if (!loop->hasThread_.load(std::memory_order_relaxed)) {
    loop->thread_ = pthread_self();
    loop->hasThread_.store(true, std::memory_order_release);
  }
  loop->check_thread();
  if (loop->isWakeOwed_.exchange(false, std::memory_order_relaxed)) {
    loop->ledger_.pay(Debt::wake);
    // There may be more to do, for once.
    return true;
  }
  return false;
}

void LoopRecord::end(void *context) {
  auto *loop = static_cast<LoopRecord *>(context);
  loop->check_thread();
  // A thread that is about to end need not answer a wake.
  if (loop->isWakeOwed_.exchange(false, std::memory_order_relaxed)) loop->ledger_.pay(Debt::wake);
  loop->ledger_.pay(Debt::loopEnd);
}

ChannelRecord::ChannelRecord(LoopRecord &loop, const std::string &target, int32_t maximumReceiveBytes,
                             Keepalive keepalive)
    : loop(loop) {
  CTriton_ChannelOptions options{maximumReceiveBytes, 1000, 100, 1000, false, -1, 0, false, "fuzz"};
  switch (keepalive) {
    case Keepalive::never:
      break;
    case Keepalive::seldom:
      options.keepaliveIntervalMilliseconds = INT32_MAX;
      options.keepaliveTimeoutMilliseconds = INT32_MAX;
      break;
    case Keepalive::often:
      options.keepaliveIntervalMilliseconds = 100;
      options.keepaliveTimeoutMilliseconds = 1000;
      break;
    case Keepalive::hopeless:
      // No answer comes in time: the connection ends.
      options.keepaliveIntervalMilliseconds = 100;
      options.keepaliveTimeoutMilliseconds = 0;
      options.keepsAliveWithoutCalls = true;
      break;
  }
  handle = CTriton_channel_create(target.c_str(), &options, loop.handle());
  if (handle == nullptr) fail("no channel was created");
}

void check_pushback(const CTriton_Status &status) {
  if (status.pushbackMilliseconds == 70) return;
  // A call that ends here, late or cancelled, may have had the server's word already or not.
  const bool isAdvised = std::string(status.message, status.messageByteCount) == "as asked";
  if (isAdvised || status.pushbackMilliseconds != CTRITON_NO_PUSHBACK) fail("not the server's push-back");
}

std::string bytes_of(const CTriton_Message *message) {
  std::string bytes;
  for (size_t index = 0; index < CTriton_message_slice_count(message); ++index) {
    size_t count = 0;
    const void *slice = CTriton_message_borrow_slice(message, index, &count);
    bytes.append(static_cast<const char *>(slice), count);
  }
  return bytes;
}
