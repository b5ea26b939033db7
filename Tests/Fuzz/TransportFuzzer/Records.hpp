// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#pragma once

#include <pthread.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "CTritonTransport.h"
#include "Ledger.hpp"

/// What the program has of each kind of handle, and what has been seen of it. Each event checks that it may come; an
/// event after the last one finds its record freed, which AddressSanitizer sees. Counters are relaxed atomics so that
/// they do not order what ThreadSanitizer is to compare.

/// A loop whose tasks do nothing but count.
class LoopRecord final {
 public:
  explicit LoopRecord(Ledger &ledger);

  CTriton_Loop *handle() const { return handle_; }

  /// Fails unless the calling thread is the loop's.
  void check_thread() const;

  void wake();
  void stop();

  /// Calls `body` unless the loop has been stopped, which does not happen meanwhile.
  template <class Body>
  void if_running(Body body) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (!isStopped_) body();
  }

 private:
  static bool run(void *context);
  static void end(void *context);

  Ledger &ledger_;
  CTriton_Loop *handle_;
  std::atomic<bool> isWakeOwed_{false};
  std::atomic<bool> hasThread_{false};
  pthread_t thread_{};
  std::mutex mutex_;
  bool isStopped_ = false;
};

/// A channel; its handle goes with the last reference, on whatever thread that is.
struct ChannelRecord {
  /// How the server is asked for signs of life.
  enum class Keepalive : uint8_t { never, seldom, often, hopeless };

  ChannelRecord(LoopRecord &loop, const std::string &target, int32_t maximumReceiveBytes, Keepalive keepalive);
  ~ChannelRecord() { CTriton_channel_destroy(handle); }

  LoopRecord &loop;
  CTriton_Channel *handle;
};

/// What a call or a stream is, kept alive for the time of its start.
struct Description {
  Description(Program &program, bool isUnary);
  /// A call of `/fuzz/Echo` without anything.
  Description();

  const CTriton_CallDescription &get() const { return description; }

  std::string method;
  std::vector<std::string> values;
  std::vector<CTriton_Header> headers;
  CTriton_CallDescription description;
};

/// A unary call.
class CallRecord final {
 public:
  /// What its completion does besides.
  enum Reaction : uint8_t {
    destroysItself = 1,
    keepsMessage = 2,
    cancelsItself = 4,
    callsAgain = 8,
  };

  CallRecord(Ledger &ledger, std::shared_ptr<ChannelRecord> channel, uint8_t reaction);
  ~CallRecord();

  void start(const Description &description, const CTriton_OutgoingSlice *slices, size_t count,
             const std::string &whole);
  void cancel();
  void destroy();

 private:
  static void complete(void *context, const CTriton_Status *status, const CTriton_CallTimes *times,
                       CTriton_Message *message);
  void check(const CTriton_Status &status, const CTriton_CallTimes &times, CTriton_Message *message) const;
  void react();
  std::unique_lock<std::mutex> guard();

  Ledger &ledger_;
  LoopRecord &loop_;
  const uint8_t reaction_;
  /// Only for the time of the start, unless the completion calls again.
  std::shared_ptr<ChannelRecord> channel_;
  std::string method_;
  bool isTimed_ = false;
  std::string sent_;
  CTriton_Message *kept_ = nullptr;
  std::unique_ptr<CallRecord> next_;

  /// Guards the handle of a call that destroys itself.
  std::mutex mutex_;
  CTriton_Call *handle_ = nullptr;
  bool isDestructionDue_ = false;
};

/// A stream.
class StreamRecord final {
 public:
  /// What its events do besides.
  enum Reaction : uint8_t {
    destroysItselfAtEnd = 1,
    readsAgain = 2,
    cancelsAfterRead = 4,
  };

  StreamRecord(Ledger &ledger, const std::shared_ptr<ChannelRecord> &channel, const Description &description,
               uint8_t reaction);
  ~StreamRecord() { destroy(); }

  void read();
  void write(const CTriton_OutgoingSlice *slices, size_t count, const std::string &whole);
  void finish_writing();
  void cancel();
  void destroy();

  LoopRecord &loop() { return loop_; }

 private:
  static void was_read(void *context, CTriton_Message *message, bool isLate);
  static void was_written(void *context, bool isWritten);
  static void has_ended(void *context, const CTriton_Status *status);
  void check(CTriton_Message *message);
  void begin_read();
  std::unique_lock<std::mutex> guard();

  Ledger &ledger_;
  LoopRecord &loop_;
  const uint8_t reaction_;
  const std::string method_;

  std::atomic<bool> isReading_{false};
  std::atomic<bool> isWriting_{false};
  std::atomic<bool> hasEnded_{false};
  std::atomic<bool> triesAfterEnd_{false};
  bool isWritingFinished_ = false;

  std::mutex contentsMutex_;
  std::vector<std::string> sent_;
  size_t received_ = 0;

  /// Guards the handle of a stream whose events use it.
  std::mutex mutex_;
  CTriton_Stream *handle_ = nullptr;
  bool isDestructionDue_ = false;
};

/// A watch of a channel's state.
class WatchRecord final {
 public:
  /// What its events do besides.
  enum Reaction : uint8_t {
    connects = 1,
    watchesAgain = 2,
    leavesTheChannel = 4,
    ends = 8,
  };

  WatchRecord(Ledger &ledger, std::shared_ptr<ChannelRecord> channel, uint8_t reaction);

 private:
  static bool has_state(void *context, CTriton_ChannelState state);
  static void has_ended(void *context);
  void react();

  Ledger &ledger_;
  LoopRecord &loop_;
  const uint8_t reaction_;
  std::atomic<bool> hasEnded_{false};

  /// The rest is used on the loop's thread only, after the start.
  std::weak_ptr<ChannelRecord> channel_;
  /// Keeps the channel until the first state, of a watch that leaves it then.
  std::shared_ptr<ChannelRecord> kept_;
  int last_ = -1;
  std::unique_ptr<WatchRecord> next_;
};

/// Fails unless the status has the server's push-back if it is the server's.
void check_pushback(const CTriton_Status &status);

/// The bytes of a message.
std::string bytes_of(const CTriton_Message *message);
