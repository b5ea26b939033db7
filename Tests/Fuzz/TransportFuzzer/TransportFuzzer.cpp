// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

// libFuzzer's target for CTritonTransport.h: an input is a program of calls of its functions, on a server in this
// process and on addresses where there is none. At its end every slice must have been released once, every call and
// stream must have ended once and every thread must have gone.

#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <thread>

#include "EchoServer.hpp"
#include "HalfPrecisionCheck.hpp"
#include "OutgoingBytes.hpp"
#include "Records.hpp"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#include <sanitizer/lsan_interface.h>
#define CHECKS_LEAKS 1
#endif
#endif

namespace {

/// What programs share because it takes long to make: the server, and a loop with a channel that is connected to it.
struct Surroundings {
  std::string server = start_echo_server();
  Ledger ledger;
  LoopRecord loop{ledger};
  std::shared_ptr<ChannelRecord> channel =
      std::make_shared<ChannelRecord>(loop, server, -1, ChannelRecord::Keepalive::never);

  static Surroundings &shared() {
    static auto *const surroundings = new Surroundings();
    return *surroundings;
  }
};

/// Runs one program.
class Machine final {
 public:
  explicit Machine(Surroundings &surroundings) : surroundings_(surroundings) {
    channels_.push_back(surroundings.channel);
  }

  void run(Program &program) {
    for (int step = 0; step < maximumSteps && !program.is_over(); ++step) perform(program);
    end();
  }

 private:
  static constexpr int maximumSteps = 100;
  static constexpr size_t maximumLoops = 2, maximumChannels = 4, maximumCalls = 16, maximumStreams = 6,
                          maximumWatches = 6;

  void perform(Program &program) {
    switch (program.next_operation()) {
      case Operation::startLoop:
        if (loops_.size() < maximumLoops) loops_.push_back(std::make_unique<LoopRecord>(ledger_));
        break;
      case Operation::stopLoop:
        with(loops_, program, [](LoopRecord &loop) { loop.stop(); });
        break;
      case Operation::wakeLoop:
        loop(program).wake();
        break;
      case Operation::createChannel:
        create_channel(program);
        break;
      case Operation::destroyChannel:
        channels_[program.below(channels_.size())].reset();
        break;
      case Operation::startCall:
        start_call(program);
        break;
      case Operation::cancelCall:
        with(calls_, program, [](CallRecord &call) { call.cancel(); });
        break;
      case Operation::destroyCall:
        with(calls_, program, [](CallRecord &call) { call.destroy(); });
        break;
      case Operation::startStream:
        start_stream(program);
        break;
      case Operation::read:
        with(streams_, program, [](StreamRecord &stream) {
          stream.loop().if_running([&] { stream.read(); });
        });
        break;
      case Operation::write:
        write(program);
        break;
      case Operation::finishWriting:
        with(streams_, program, [](StreamRecord &stream) {
          stream.loop().if_running([&] { stream.finish_writing(); });
        });
        break;
      case Operation::cancelStream:
        with(streams_, program, [](StreamRecord &stream) { stream.cancel(); });
        break;
      case Operation::destroyStream:
        with(streams_, program, [](StreamRecord &stream) { stream.destroy(); });
        break;
      case Operation::wait:
        ledger_.wait_for_event(std::chrono::microseconds(100) * program.below(16));
        break;
      case Operation::convertToHalf:
        check_conversion_to_half(program);
        break;
      case Operation::convertFromHalf:
        check_conversion_from_half(program);
        break;
      case Operation::connectChannel:
        if (const auto &channel = channels_[program.below(channels_.size())]) CTriton_channel_connect(channel->handle);
        break;
      case Operation::watchChannel:
        watch_channel(program);
        break;
    }
  }

  template <class Record, class Body>
  static void with(std::vector<std::unique_ptr<Record>> &records, Program &program, Body body) {
    const uint8_t choice = program.next();
    if (!records.empty()) body(*records[choice % records.size()]);
  }

  LoopRecord &loop(Program &program) {
    const size_t index = program.below(loops_.size() + 1);
    return index == 0 ? surroundings_.loop : *loops_[index - 1];
  }

  void create_channel(Program &program) {
    LoopRecord &loop = this->loop(program);
    const std::string targets[] = {surroundings_.server, "unix:/nonexistent/socket", "127.0.0.1:1", "",
                                   "nothing:///known", "ipv4:1.2.3.4.5:6"};
    constexpr int32_t largest[] = {-1, 0, 100, 1 << 20};
    const std::string &target = targets[program.below(std::size(targets))];
    const size_t options = program.below(16);
    const int32_t maximumReceiveBytes = largest[options % std::size(largest)];
    const auto keepalive = static_cast<ChannelRecord::Keepalive>(options / std::size(largest));
    if (channels_.size() == maximumChannels) return;
    loop.if_running([&] {
      channels_.push_back(std::make_shared<ChannelRecord>(loop, target, maximumReceiveBytes, keepalive));
    });
  }

  void watch_channel(Program &program) {
    const std::shared_ptr<ChannelRecord> channel = channels_[program.below(channels_.size())];
    const uint8_t reaction = program.next();
    // The channel that programs share outlives them, and a watch may last as long.
    if (channel == nullptr || channel == surroundings_.channel || watches_.size() == maximumWatches) return;
    watches_.push_back(std::make_unique<WatchRecord>(ledger_, channel, reaction));
  }

  void start_call(Program &program) {
    const std::shared_ptr<ChannelRecord> channel = channels_[program.below(channels_.size())];
    const Description description(program, true);
    const uint8_t reaction = program.next();
    if (channel == nullptr || calls_.size() == maximumCalls) return;
    channel->loop.if_running([&] {
      const OutgoingBytes bytes(program, ledger_);
      calls_.push_back(std::make_unique<CallRecord>(ledger_, channel, reaction));
      calls_.back()->start(description, bytes.slices(), bytes.count(), bytes.whole());
    });
  }

  void start_stream(Program &program) {
    const std::shared_ptr<ChannelRecord> channel = channels_[program.below(channels_.size())];
    const Description description(program, false);
    const uint8_t reaction = program.next() & 7;
    if (channel == nullptr || streams_.size() == maximumStreams) return;
    channel->loop.if_running([&] {
      streams_.push_back(std::make_unique<StreamRecord>(ledger_, channel, description, reaction));
    });
  }

  void write(Program &program) {
    with(streams_, program, [&](StreamRecord &stream) {
      stream.loop().if_running([&] {
        const OutgoingBytes bytes(program, ledger_);
        stream.write(bytes.slices(), bytes.count(), bytes.whole());
      });
    });
  }

  /// Ends what the program left, and waits for everything that is owed.
  void end() {
    for (const auto &call : calls_) {
      call->cancel();
      // gRPC may keep the slices of a request that it never sent as long as there is a handle.
      call->destroy();
    }
    for (const auto &stream : streams_) stream->destroy();
    channels_.clear();
    for (const auto &loop : loops_) loop->stop();
    ledger_.settle();
  }

  Surroundings &surroundings_;
  Ledger ledger_;
  std::vector<std::unique_ptr<LoopRecord>> loops_;
  std::vector<std::shared_ptr<ChannelRecord>> channels_;
  std::vector<std::unique_ptr<CallRecord>> calls_;
  std::vector<std::unique_ptr<StreamRecord>> streams_;
  std::vector<std::unique_ptr<WatchRecord>> watches_;
};

}  // namespace

void fail(const std::string &what) {
  std::fprintf(stderr, "FAULT: %s\n", what.c_str());
  std::abort();
}

#if defined(CHECKS_LEAKS)

namespace {

/// A thread of gRPC's that is just beginning or ending holds memory that nothing refers to, for a moment.
void check_leaks() {
  for (int attempt = 0; __lsan_do_recoverable_leak_check() != 0; ++attempt) {
    if (attempt == 10) fail("programs left memory behind");
    std::this_thread::sleep_for(std::chrono::seconds(1));
  }
}

const int isCheckedAtExit = std::atexit(check_leaks);

}  // namespace

extern "C" const char *__lsan_default_options() { return "leak_check_at_exit=0"; }

#endif

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
  Program program(bytes, count);
  Machine(Surroundings::shared()).run(program);
#if defined(CHECKS_LEAKS)
  // Between programs nothing is under way. Once in a while, because it stops all threads.
  static unsigned long programs = 0;
  if (++programs % 20000 == 0) check_leaks();
#endif
  return 0;
}
