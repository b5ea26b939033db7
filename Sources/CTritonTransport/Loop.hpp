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
class Loop final : private Completion {
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

 private:
  void run();
  void complete(bool ok) override;

  void *const context_;
  const CTriton_LoopTasks tasks_;
  grpc::CompletionQueue queue_;
  std::mutex mutex_;
  grpc::Alarm alarm_;
  /// Whether the alarm's tag is in the queue, or will be: it must not be set again before it has come out.
  bool isAlarmSet_ = false;
  bool isStopped_ = false;
};

/// The handle owns the loop together with the thread.
struct CTriton_Loop {
  std::shared_ptr<Loop> loop;
};

#endif  // CTRITON_LOOP_HPP
