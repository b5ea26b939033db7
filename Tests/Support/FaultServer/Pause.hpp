// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#ifndef FAULT_SERVER_PAUSE_HPP
#define FAULT_SERVER_PAUSE_HPP

#include <grpcpp/alarm.h>

#include <chrono>
#include <functional>
#include <memory>

/// A wait that holds no thread. One at a time; the owner must live until it is over.
class Pause {
 public:
  /// Calls `body` on a thread of gRPC's when the time is over or the pause is cut short.
  void begin(std::chrono::milliseconds duration, std::function<void()> body) {
    // An alarm rings once.
    alarm_ = std::make_unique<grpc::Alarm>();
    alarm_->Set(std::chrono::system_clock::now() + duration, [body = std::move(body)](bool) { body(); });
  }

  void cut_short() { alarm_->Cancel(); }

 private:
  std::unique_ptr<grpc::Alarm> alarm_;
};

#endif  // FAULT_SERVER_PAUSE_HPP
