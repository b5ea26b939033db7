// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#ifndef FAULT_SERVER_CONNECTION_HPP
#define FAULT_SERVER_CONNECTION_HPP

#include <poll.h>

#include <chrono>
#include <deque>
#include <memory>
#include <vector>

#include "RouteFaults.hpp"
#include "Socket.hpp"

/// The bytes on their way in one direction.
class Direction {
 public:
  using Clock = std::chrono::steady_clock;

  /// Most bytes that wait here; then the sender has to. Those that are only to arrive later are many: latency is not to
  /// limit what passes in a second.
  static constexpr size_t capacity = 1 << 20, lateCapacity = 64 << 20;

  void set(const DirectionFaults &faults, std::chrono::milliseconds latency);

  /// From now on all bytes are taken, and neither those nor the ones that wait pass.
  void swallow();

  /// Puts bytes in the place of all that would come.
  void replace(const std::string &bytes);

  /// The sender of a direction that stalls finds no room any more.
  bool wants_to_read() const {
    return !hasEnded_ && !isStalled_ && waitingBytes_ < (latency_.count() > 0 ? lateCapacity : capacity);
  }
  bool wants_to_write(Clock::time_point now) const { return !waiting_.empty() && waiting_.front().due <= now; }

  /// When it next has something to write; nothing while no bytes wait.
  std::optional<Clock::time_point> due() const;

  /// Takes what has arrived at a socket. False if the connection is broken.
  bool read(const Socket &from, Clock::time_point now);

  /// Passes on what is due. False if the connection is broken.
  bool write(const Socket &to, Clock::time_point now);

  /// Whether everything has passed that is to pass, and the connection is to end here.
  bool is_cut() const { return isCut_ && waiting_.empty(); }

  /// Whether the sender has ended this direction.
  bool has_ended() const { return hasEnded_; }

  /// Whether the sender has ended this direction, everything has passed, and the receiver has not been told.
  bool should_end() const { return hasEnded_ && !isStalled_ && !isCut_ && waiting_.empty() && !isEndPassed_; }
  void pass_end() { isEndPassed_ = true; }
  bool is_over() const { return isEndPassed_; }
  bool is_stalled() const { return isStalled_; }

  int64_t passed() const { return passed_; }

 private:
  struct Chunk {
    Clock::time_point due;
    std::vector<char> bytes;
    size_t written;
  };

  void take(const char *bytes, size_t count, Clock::time_point now);

  DirectionFaults faults_;
  std::chrono::milliseconds latency_{0};
  std::deque<Chunk> waiting_;
  size_t waitingBytes_ = 0;
  /// Bytes since the faults were set, and altogether.
  int64_t position_ = 0, passed_ = 0;
  bool hasEnded_ = false, isStalled_ = false, isCut_ = false, isEndPassed_ = false, isSwallowed_ = false;
};

/// A caller's connection and the one to the server that belongs to it.
class Connection {
 public:
  /// Connects to the server, unless the faults do without.
  Connection(Socket caller, int serverPort, const RouteFaults &faults);

  /// Gives it other faults. A connection whose bytes were swallowed is reset by that: whoever comes back after being
  /// gone knows nothing of it.
  void set(const RouteFaults &faults);

  /// Appends what it waits for, and moves `wake` to when it next has something to do without that.
  void wait(std::vector<pollfd> &descriptors, Direction::Clock::time_point &wake) const;

  /// Whether it has bytes to pass on, or an end that needs no bytes.
  bool is_due(Direction::Clock::time_point now) const;

  /// Does what can be done now.
  void work(Direction::Clock::time_point now);

  bool is_open() const { return caller_.is_open(); }
  void close();

  int64_t uploaded() const { return upload_.passed(); }
  int64_t answered() const { return answer_.passed(); }

 private:
  void finish(Direction &direction, const Socket &to);
  void work_unseen(Direction::Clock::time_point now);

  Socket caller_, server_;
  Direction upload_, answer_;
  bool resets_ = false, isBlackHole_ = false;
};

#endif  // FAULT_SERVER_CONNECTION_HPP
