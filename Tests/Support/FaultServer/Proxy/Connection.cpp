// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#include "Connection.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

// ---- One direction

void Direction::set(const DirectionFaults &faults, std::chrono::milliseconds latency) {
  faults_ = faults;
  latency_ = latency;
  position_ = 0;
  isStalled_ = isCut_ = false;
  take(nullptr, 0, Clock::now());
}

void Direction::swallow() {
  isSwallowed_ = true;
  waiting_.clear();
  waitingBytes_ = 0;
}

void Direction::replace(const std::string &bytes) {
  take(bytes.data(), bytes.size(), Clock::now());
  isCut_ = true;
}

std::optional<Direction::Clock::time_point> Direction::due() const {
  if (waiting_.empty()) return std::nullopt;
  return waiting_.front().due;
}

bool Direction::read(const Socket &from, Clock::time_point now) {
  char bytes[64 << 10];
  const ssize_t count = ::read(from.descriptor(), bytes, sizeof bytes);
  if (count < 0) return errno == EAGAIN || errno == EINTR;
  if (count == 0) {
    hasEnded_ = true;
  } else if (!isCut_ && !isSwallowed_) {
    take(bytes, static_cast<size_t>(count), now);
  }
  return true;
}

void Direction::take(const char *bytes, size_t count, Clock::time_point now) {
  const int64_t end = position_ + static_cast<int64_t>(count);
  int64_t kept = end;
  if (faults_.cutAt && *faults_.cutAt <= end) {
    kept = std::min(kept, *faults_.cutAt);
    isCut_ = true;
  }
  if (faults_.stallAt && *faults_.stallAt <= end) {
    kept = std::min(kept, *faults_.stallAt);
    isStalled_ = true;
  }
  if (kept > position_) {
    Chunk chunk{now + latency_, std::vector<char>(bytes, bytes + (kept - position_)), 0};
    if (faults_.corruptAt && *faults_.corruptAt >= position_ && *faults_.corruptAt < kept) {
      char &byte = chunk.bytes[static_cast<size_t>(*faults_.corruptAt - position_)];
      byte = static_cast<char>(~byte);
    }
    waitingBytes_ += chunk.bytes.size();
    waiting_.push_back(std::move(chunk));
  }
  position_ = end;
}

bool Direction::write(const Socket &to, Clock::time_point now) {
  while (wants_to_write(now)) {
    Chunk &chunk = waiting_.front();
    const size_t missing = chunk.bytes.size() - chunk.written;
    const ssize_t count = ::write(to.descriptor(), chunk.bytes.data() + chunk.written, missing);
    if (count < 0) return errno == EAGAIN || errno == EINTR;
    chunk.written += static_cast<size_t>(count);
    waitingBytes_ -= static_cast<size_t>(count);
    passed_ += count;
    if (chunk.written == chunk.bytes.size()) waiting_.pop_front();
  }
  return true;
}

// ---- Both

Connection::Connection(Socket caller, int serverPort, const RouteFaults &faults)
    : caller_(std::move(caller)) {
  if (faults.says.empty() && !faults.isBlackHole) server_ = Socket::connected(serverPort);
  set(faults);
  if (!faults.says.empty()) answer_.replace(faults.says);
}

void Connection::set(const RouteFaults &faults) {
  if (isBlackHole_ && !faults.isBlackHole) {
    resets_ = true;
    return close();
  }
  upload_.set(faults.upload, faults.latency);
  answer_.set(faults.answer, faults.latency);
  resets_ = faults.resets;
  isBlackHole_ = faults.isBlackHole;
  if (isBlackHole_) {
    upload_.swallow();
    answer_.swallow();
  }
}

void Connection::wait(std::vector<pollfd> &descriptors, Direction::Clock::time_point &wake) const {
  const auto now = Direction::Clock::now();
  const auto add = [&](const Socket &socket, const Direction &in, const Direction &out) {
    short events = 0;
    if (in.wants_to_read()) events |= POLLIN;
    if (out.wants_to_write(now)) events |= POLLOUT;
    // Without an event a broken connection would be reported for ever.
    descriptors.push_back({events == 0 ? -1 : socket.descriptor(), events, 0});
    if (const auto due = out.due(); due && *due > now) wake = std::min(wake, *due);
  };
  add(caller_, upload_, answer_);
  add(server_, answer_, upload_);
}

bool Connection::is_due(Direction::Clock::time_point now) const {
  return upload_.wants_to_write(now) || answer_.wants_to_write(now) || upload_.is_cut() || answer_.is_cut();
}

void Connection::work(Direction::Clock::time_point now) {
  if (isBlackHole_) return work_unseen(now);
  // A socket without anything to read or no room says so, and nothing is lost by having asked.
  bool isWhole = true;
  if (upload_.wants_to_read()) isWhole = upload_.read(caller_, now) && isWhole;
  if (server_.is_open()) {
    if (answer_.wants_to_read()) isWhole = answer_.read(server_, now) && isWhole;
    isWhole = upload_.write(server_, now) && isWhole;
  }
  isWhole = answer_.write(caller_, now) && isWhole;
  if (!isWhole || upload_.is_cut() || answer_.is_cut()) return close();
  finish(upload_, server_);
  finish(answer_, caller_);
  if (upload_.is_over() && (answer_.is_over() || answer_.is_stalled())) close();
}

/// Takes what comes. What happens on the server's side is not to be seen; the caller may end the connection.
void Connection::work_unseen(Direction::Clock::time_point now) {
  if (server_.is_open() && answer_.wants_to_read() && !answer_.read(server_, now)) server_.close();
  const bool isWhole = !upload_.wants_to_read() || upload_.read(caller_, now);
  if (!isWhole || upload_.has_ended()) close();
}

void Connection::finish(Direction &direction, const Socket &to) {
  if (!direction.should_end()) return;
  ::shutdown(to.descriptor(), SHUT_WR);
  direction.pass_end();
}

void Connection::close() {
  if (resets_) {
    caller_.reset();
  } else {
    caller_.close();
  }
  server_.close();
}
