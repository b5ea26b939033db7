// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#pragma once

#include <array>
#include <chrono>
#include <condition_variable>
#include <mutex>

#include "Program.hpp"

/// What the shim owes to a program.
enum class Debt { release, completion, streamEnd, watchEnd, loopEnd, wake, count };

/// Counts what is owed to the program that runs. May be used from any thread.
class Ledger final {
 public:
  /// Something will be owed once more.
  void owe(Debt debt) {
    std::lock_guard<std::mutex> lock(mutex_);
    ++owed(debt);
    ++total_;
  }

  void pay(Debt debt) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (--owed(debt) < 0) fail("something happened more often than it may: " + description());
    --total_;
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
    const auto total = total_;
    changed_.wait_for(lock, time, [&] { return events_ != events || total_ != total; });
  }

  /// Waits until nothing is owed any more.
  void settle() {
    std::unique_lock<std::mutex> lock(mutex_);
    if (!changed_.wait_for(lock, std::chrono::seconds(20), [this] { return total_ == 0; })) {
      fail("something did not happen: " + description());
    }
  }

 private:
  long &owed(Debt debt) { return owed_[static_cast<size_t>(debt)]; }

  std::string description() {
    return "releases " + std::to_string(owed(Debt::release)) + ", completions " +
           std::to_string(owed(Debt::completion)) + ", ends of streams " + std::to_string(owed(Debt::streamEnd)) +
           ", ends of watches " + std::to_string(owed(Debt::watchEnd)) + ", ends of loops " +
           std::to_string(owed(Debt::loopEnd)) + ", wakes " + std::to_string(owed(Debt::wake));
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::array<long, static_cast<size_t>(Debt::count)> owed_{};
  long total_ = 0;
  unsigned long events_ = 0;
};
