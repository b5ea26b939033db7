// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#ifndef CTRITON_WATCH_HPP
#define CTRITON_WATCH_HPP

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>

/// Something that must end by a time, and soon after it was cancelled, even if gRPC does not end it: on a connection
/// that has stalled gRPC waits for what it is sending.
class Watched {
 public:
  using Clock = std::chrono::steady_clock;

  /// Its time is over; called on the loop's thread.
  virtual void expire(bool wasCancelled) = 0;

  /// Sets the time to a number of nanoseconds from now. When it is negative only a cancellation counts.
  void set_timeout(int64_t nanoseconds) {
    const auto now = Clock::now();
    const std::chrono::nanoseconds timeout(nanoseconds);
    const bool isLimited = nanoseconds >= 0 && timeout < Clock::time_point::max() - now;
    deadline_ = isLimited ? now + timeout : Clock::time_point::max();
  }

  /// Its time is over soon; from any thread.
  void note_cancellation() { cancelled_.store(Clock::now().time_since_epoch().count()); }

 protected:
  ~Watched() = default;

 private:
  friend class WatchList;

  Clock::time_point deadline_ = Clock::time_point::max();
  /// Ticks of the clock; 0 unless cancelled.
  std::atomic<Clock::rep> cancelled_{0};
  /// Guarded by the list's mutex.
  bool isIn_ = false;
  Watched *previous_ = nullptr, *next_ = nullptr;
};

/// What a loop watches. Looking is cheap and rare, so that a call pays nothing but its place in a list.
class WatchList final {
 public:
  using Clock = Watched::Clock;

  /// Time between two looks.
  static constexpr std::chrono::milliseconds interval{50};

  /// Adds; from any thread. Returns whether nobody looks at present, and somebody has to begin.
  bool add(Watched &watched);

  /// Removes what has not expired; on the loop's thread.
  void remove(Watched &watched);

  /// Expires what is late and returns whether to look again; on the loop's thread.
  bool look();

 private:
  /// gRPC gets this much time to end by itself what is late or cancelled.
  static constexpr std::chrono::milliseconds grace{40};

  /// Looks without anything to watch before the looking stops: calls that follow each other need no waking.
  static constexpr int mostIdleLooks = 20;

  void unlink(Watched &watched);

  std::mutex mutex_;
  Watched *first_ = nullptr;
  bool isLooking_ = false;
  int idleLooks_ = 0;
};

#endif  // CTRITON_WATCH_HPP
