// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#ifndef FAULT_SERVER_CALL_LOG_HPP
#define FAULT_SERVER_CALL_LOG_HPP

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

/// What the server has seen of its callers. May be used from any thread.
class CallLog {
 public:
  /// Calls with one request id.
  struct Entry {
    int64_t attempts = 0;
    /// Calls that the caller gave up, or whose connection broke, before they were answered.
    int64_t cancelled = 0;
    int64_t running = 0;
  };

  /// Calls of one model.
  struct Tally {
    uint64_t successes = 0;
    uint64_t failures = 0;
    std::chrono::nanoseconds successTime{0};
    std::chrono::nanoseconds failureTime{0};
  };

  /// Notes the begin of a call; the result is how many there have been with this id. Calls without an id are
  /// not told apart and count as first ones.
  int64_t begin(const std::string &id);

  /// Notes the end of a call that was begun.
  void end(const std::string &id, bool isCancelled);

  /// Notes how a call of a model ended.
  void count(const std::string &model, bool isSuccess, std::chrono::nanoseconds time);

  Entry entry(const std::string &id) const;
  Tally tally(const std::string &model) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, Entry> entries_;
  std::map<std::string, Tally> tallies_;
};

#endif  // FAULT_SERVER_CALL_LOG_HPP
