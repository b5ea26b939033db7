// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "Program.hpp"

/// Counts what is owed to the program that runs: the releases of its slices, the ends of its calls, streams and
/// loops. May be used from any thread.
class Ledger final {
 public:
  /// Something will be owed once more.
  void owe() {
    std::lock_guard<std::mutex> lock(mutex_);
    ++owed_;
  }

  void pay() {
    std::lock_guard<std::mutex> lock(mutex_);
    if (--owed_ < 0) fail("something happened more often than it may");
    changed_.notify_all();
  }

  /// Something else happened.
  void note() {
    std::lock_guard<std::mutex> lock(mutex_);
    ++events_;
    changed_.notify_all();
  }

  /// Waits until anything happens, or so long.
  void wait_for_event(std::chrono::microseconds time) {
    std::unique_lock<std::mutex> lock(mutex_);
    const auto events = events_;
    const auto owed = owed_;
    changed_.wait_for(lock, time, [&] { return events_ != events || owed_ != owed; });
  }

  /// Waits until nothing is owed any more.
  void settle() {
    std::unique_lock<std::mutex> lock(mutex_);
    if (!changed_.wait_for(lock, std::chrono::seconds(20), [this] { return owed_ == 0; })) {
      fail("releases, completions or ends did not come: " + std::to_string(owed_));
    }
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  long owed_ = 0;
  unsigned long events_ = 0;
};
