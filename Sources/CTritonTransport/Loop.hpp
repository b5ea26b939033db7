// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#ifndef CTRITON_LOOP_HPP
#define CTRITON_LOOP_HPP

#include <grpcpp/alarm.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/completion_queue_tag.h>

#include <memory>
#include <mutex>
#include <string>

#include "CTritonTransport.h"
#include "Watch.hpp"

/// What an operation on a loop's completion queue is tagged with.
class Completion : private grpc::internal::CompletionQueueTag {
 public:
  /// The operation has ended; called on the loop's thread.
  virtual void complete(bool ok) = 0;

  /// The tag for operations of gRPC's core.
  void *tag() { return static_cast<grpc::internal::CompletionQueueTag *>(this); }

 private:
  /// gRPC's queue asks its tags what to return for them.
  bool FinalizeResult(void **tag, bool *) final {
    *tag = this;
    return true;
  }
};

/// A completion queue and the thread that waits for it.
class Loop final {
 public:
  Loop(void *context, const CTriton_LoopTasks &tasks) : context_(context), tasks_(tasks) {}

  /// Starts the thread, which keeps the loop alive until it ends. Throws if there can be none.
  static void start(const std::shared_ptr<Loop> &loop, const std::string &name);

  /// Has the thread end when the last operation has.
  void stop();

  /// Has the thread look for tasks.
  void wake();

  bool is_current() const;

  grpc_completion_queue *queue() { return queue_.cq(); }

  /// Keeps the queue open for operations for as long as this object exists, unless the loop has been stopped before.
  class Hold final {
   public:
    explicit Hold(Loop &loop) : loop_(loop), isHeld_(loop.hold()) {}
    ~Hold() {
      if (isHeld_) loop_.let_go();
    }

    Hold(const Hold &) = delete;
    Hold &operator=(const Hold &) = delete;

    bool is_held() const { return isHeld_; }

   private:
    Loop &loop_;
    const bool isHeld_;
  };

  /// Watches something until it is removed or expires; from any thread.
  void watch(Watched &watched);

  /// On the loop's thread.
  void unwatch(Watched &watched) { watched_.remove(watched); }

 private:
  /// An alarm, which must not be set again before it has gone off.
  class Alarm final : public Completion {
   public:
    using Handler = void (Loop::*)();

    Alarm(Loop &loop, Handler handler) : loop_(loop), handler_(handler) {}

    void set(gpr_timespec time) { alarm_.Set(&loop_.queue_, time, static_cast<Completion *>(this)); }

    void complete(bool) override { (loop_.*handler_)(); }

   private:
    Loop &loop_;
    const Handler handler_;
    grpc::Alarm alarm_;
  };

  void run();
  void woken();
  void look();
  void set_look();
  bool hold();
  void let_go();

  void *const context_;
  const CTriton_LoopTasks tasks_;
  grpc::CompletionQueue queue_;
  WatchList watched_;
  std::mutex mutex_;
  Alarm wake_{*this, &Loop::woken};
  Alarm look_{*this, &Loop::look};
  bool isWakeSet_ = false;
  bool isStopped_ = false;
  int holds_ = 0;
};

/// The handle owns the loop together with the thread.
struct CTriton_Loop {
  std::shared_ptr<Loop> loop;
};

#endif  // CTRITON_LOOP_HPP
