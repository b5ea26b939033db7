// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#pragma once

#include <exception>
#include <thread>
#include <vector>

#include "Measurement.hpp"

/// Runs a phase with one thread a lane. `call(lane, compares)` makes a call and checks its answer; what it throws
/// ends its lane and is thrown again here.
template <typename Call>
std::vector<Lane> run_threads(const Phase &phase, Call call) {
  std::vector<Lane> lanes(phase.lanes);
  std::vector<std::exception_ptr> errors(phase.lanes);
  const auto work = [&](int index) {
    Lane latencies;
    try {
      auto now = Clock::now();
      while (phase.goes_on(latencies.size(), now)) {
        const auto begin = Clock::now();
        call(index, phase.compares && latencies.empty());
        now = Clock::now();
        latencies.push_back(std::chrono::nanoseconds(now - begin).count());
      }
    } catch (...) {
      errors[index] = std::current_exception();
    }
    lanes[index] = std::move(latencies);
  };
  std::vector<std::thread> threads;
  for (int index = 1; index < phase.lanes; ++index) threads.emplace_back(work, index);
  work(0);
  for (auto &thread : threads) thread.join();
  for (auto &error : errors) {
    if (error) std::rethrow_exception(error);
  }
  return lanes;
}
