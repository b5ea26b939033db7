// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#include "Watch.hpp"

#include <utility>
#include <vector>

bool WatchList::add(Watched &watched) {
  std::lock_guard<std::mutex> lock(mutex_);
  watched.isIn_ = true;
  watched.previous_ = nullptr;
  watched.next_ = first_;
  if (first_ != nullptr) first_->previous_ = &watched;
  first_ = &watched;
  idleLooks_ = 0;
  return !std::exchange(isLooking_, true);
}

void WatchList::remove(Watched &watched) {
  std::lock_guard<std::mutex> lock(mutex_);
  unlink(watched);
}

void WatchList::unlink(Watched &watched) {
  if (!std::exchange(watched.isIn_, false)) return;
  (watched.previous_ == nullptr ? first_ : watched.previous_->next_) = watched.next_;
  if (watched.next_ != nullptr) watched.next_->previous_ = watched.previous_;
}

bool WatchList::look() {
  std::vector<std::pair<Watched *, bool>> late;
  bool isLooking = true;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    const auto latest = Clock::now() - grace;
    for (Watched *watched = first_; watched != nullptr; watched = watched->next_) {
      const Clock::rep cancelled = watched->cancelled_.load();
      const bool wasCancelled = cancelled != 0 && cancelled < latest.time_since_epoch().count();
      if (wasCancelled || watched->deadline_ < latest) late.emplace_back(watched, wasCancelled);
    }
    // Only here, on the loop's thread, does anything go; so the pointers stay good.
    for (const auto &[watched, wasCancelled] : late) unlink(*watched);
    if (first_ == nullptr && ++idleLooks_ >= mostIdleLooks) isLooking_ = isLooking = false;
  }
  for (const auto &[watched, wasCancelled] : late) watched->expire(wasCancelled);
  return isLooking;
}
