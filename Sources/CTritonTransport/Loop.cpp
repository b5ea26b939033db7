// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#include "Loop.hpp"

#include <pthread.h>

#include <chrono>
#include <thread>

namespace {

/// The loop whose thread this is.
thread_local const Loop *current = nullptr;

void name_thread(const std::string &name) {
#if defined(__APPLE__)
  pthread_setname_np(name.c_str());
#else
  // Linux takes 15 characters.
  pthread_setname_np(pthread_self(), name.substr(0, 15).c_str());
#endif
}

}  // namespace

void Loop::start(const std::shared_ptr<Loop> &loop, const std::string &name) {
  std::thread([loop, name] {
    name_thread(name);
    loop->run();
  }).detach();
}

void Loop::run() {
  current = this;
  const gpr_timespec past = gpr_time_0(GPR_CLOCK_MONOTONIC);
  const gpr_timespec never = gpr_inf_future(GPR_CLOCK_MONOTONIC);
  for (;;) {
    const bool hasMore = tasks_.run(context_);
    void *tag = nullptr;
    bool ok = false;
    // Without a time of its own: to arm a timer for each wait would take longer than many a call needs.
    switch (queue_.AsyncNext(&tag, &ok, hasMore ? past : never)) {
      case grpc::CompletionQueue::GOT_EVENT:
        static_cast<Completion *>(tag)->complete(ok);
        break;
      case grpc::CompletionQueue::TIMEOUT:
        break;
      case grpc::CompletionQueue::SHUTDOWN:
        tasks_.end(context_);
        return;
    }
  }
}

void Loop::watch(Watched &watched) {
  if (watched_.add(watched)) set_look();
}

void Loop::wake() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (isWakeSet_ || isStopped_) return;
  isWakeSet_ = true;
  wake_.set(gpr_time_0(GPR_CLOCK_MONOTONIC));
}

void Loop::woken() {
  std::lock_guard<std::mutex> lock(mutex_);
  isWakeSet_ = false;
}

void Loop::look() {
  if (watched_.look()) set_look();
}

void Loop::set_look() {
  std::lock_guard<std::mutex> lock(mutex_);
  // What holds the queue open may still be late.
  if (isStopped_ && holds_ == 0) return;
  const gpr_timespec interval = gpr_time_from_millis(WatchList::interval.count(), GPR_TIMESPAN);
  look_.set(gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), interval));
}

void Loop::stop() {
  std::lock_guard<std::mutex> lock(mutex_);
  isStopped_ = true;
  if (holds_ == 0) queue_.Shutdown();
}

bool Loop::hold() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (isStopped_) return false;
  ++holds_;
  return true;
}

void Loop::let_go() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (--holds_ == 0 && isStopped_) queue_.Shutdown();
}

bool Loop::is_current() const { return current == this; }

CTriton_Loop *CTriton_loop_start(const char *name, void *context, const CTriton_LoopTasks *tasks) {
  try {
    auto handle = std::make_unique<CTriton_Loop>(CTriton_Loop{std::make_shared<Loop>(context, *tasks)});
    Loop::start(handle->loop, name);
    return handle.release();
  } catch (...) {
    return nullptr;
  }
}

void CTriton_loop_stop(CTriton_Loop *loop) {
  loop->loop->stop();
  delete loop;
}

void CTriton_loop_wake(CTriton_Loop *loop) { loop->loop->wake(); }

int64_t CTriton_monotonic_nanoseconds(void) {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

bool CTriton_loop_is_current(const CTriton_Loop *loop) { return loop->loop->is_current(); }
