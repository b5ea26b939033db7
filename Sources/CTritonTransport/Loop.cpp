// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#include "Loop.hpp"

#include <pthread.h>

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
  const gpr_timespec now = gpr_time_0(GPR_CLOCK_MONOTONIC);
  const gpr_timespec never = gpr_inf_future(GPR_CLOCK_MONOTONIC);
  for (;;) {
    const bool hasMore = tasks_.run(context_);
    void *tag = nullptr;
    bool ok = false;
    switch (queue_.AsyncNext(&tag, &ok, hasMore ? now : never)) {
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

void Loop::wake() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (isAlarmSet_ || isStopped_) return;
  isAlarmSet_ = true;
  alarm_.Set(&queue_, gpr_time_0(GPR_CLOCK_MONOTONIC), static_cast<Completion *>(this));
}

void Loop::complete(bool) {
  std::lock_guard<std::mutex> lock(mutex_);
  isAlarmSet_ = false;
}

void Loop::stop() {
  std::lock_guard<std::mutex> lock(mutex_);
  isStopped_ = true;
  queue_.Shutdown();
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

bool CTriton_loop_is_current(const CTriton_Loop *loop) { return loop->loop->is_current(); }
