// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#include "CallLog.hpp"

int64_t CallLog::begin(const std::string &id) {
  if (id.empty()) return 1;
  std::lock_guard<std::mutex> lock(mutex_);
  Entry &entry = entries_[id];
  ++entry.running;
  return ++entry.attempts;
}

void CallLog::end(const std::string &id, bool isCancelled) {
  if (id.empty()) return;
  std::lock_guard<std::mutex> lock(mutex_);
  Entry &entry = entries_[id];
  --entry.running;
  if (isCancelled) ++entry.cancelled;
}

void CallLog::count(const std::string &model, bool isSuccess, std::chrono::nanoseconds time) {
  std::lock_guard<std::mutex> lock(mutex_);
  Tally &tally = tallies_[model];
  if (isSuccess) {
    ++tally.successes;
    tally.successTime += time;
  } else {
    ++tally.failures;
    tally.failureTime += time;
  }
}

CallLog::Entry CallLog::entry(const std::string &id) const {
  std::lock_guard<std::mutex> lock(mutex_);
  const auto found = entries_.find(id);
  return found == entries_.end() ? Entry() : found->second;
}

CallLog::Tally CallLog::tally(const std::string &model) const {
  std::lock_guard<std::mutex> lock(mutex_);
  const auto found = tallies_.find(model);
  return found == tallies_.end() ? Tally() : found->second;
}
