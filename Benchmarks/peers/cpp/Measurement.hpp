// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <exception>
#include <numeric>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "Options.hpp"

using Clock = std::chrono::steady_clock;

/// The tensor that is sent: FP32, each element another than its neighbours.
class Payload {
 public:
  explicit Payload(size_t byte_count) : elements_(byte_count / 4) {
    for (size_t index = 0; index < elements_.size(); ++index) elements_[index] = index % 65521 + 1;
  }

  const char *bytes() const { return reinterpret_cast<const char *>(elements_.data()); }
  size_t size() const { return elements_.size() * 4; }
  size_t element_count() const { return elements_.size(); }

  /// Throws unless the bytes are those that were sent: the length and both ends, or every byte.
  void check(const char *answer, size_t answer_size, bool completely) const {
    const bool same =
        answer_size == size() &&
        (completely ? std::memcmp(answer, bytes(), size()) == 0
                    : std::memcmp(answer, bytes(), 4) == 0 &&
                          std::memcmp(answer + size() - 4, bytes() + size() - 4, 4) == 0);
    if (!same) throw std::runtime_error("the answer is not what was sent");
  }

 private:
  std::vector<float> elements_;
};

/// A part of the run in which some lanes each make one call after the other.
struct Phase {
  int lanes;
  Clock::time_point end;
  /// Calls of each lane; 0 when the time decides.
  long calls;
  /// Whether the first call of each lane compares every byte.
  bool compares;

  /// Whether a lane that has made some calls makes another one.
  bool goes_on(size_t made, Clock::time_point now) const {
    return calls > 0 ? made < static_cast<size_t>(calls) : made == 0 || now < end;
  }
};

/// Nanoseconds of each call of a lane.
using Lane = std::vector<int64_t>;

/// CPU time of this process until now, user and system.
inline double cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return time.tv_sec + time.tv_nsec * 1e-9;
}

/// Most memory that this process has had. Not from getrusage, which counts what was there before exec, too.
inline long peak_memory_bytes() {
  long kibibytes = 0;
  if (std::FILE *file = std::fopen("/proc/self/status", "r")) {
    char line[256];
    while (std::fgets(line, sizeof line, file) != nullptr) {
      if (std::sscanf(line, "VmHWM: %ld kB", &kibibytes) == 1) break;
    }
    std::fclose(file);
  }
  return kibibytes * 1024;
}

/// The value below which a fraction of the sorted latencies lies, in microseconds.
inline double percentile(const Lane &sorted, double fraction) {
  const auto rank = static_cast<size_t>(std::ceil(fraction * sorted.size()));
  return sorted[std::max<size_t>(rank, 1) - 1] * 1e-3;
}

/// Warms up, measures and compares once more; prints the figures as one line of JSON. Returns the exit status.
///
/// `run` is called with a phase and returns its lanes.
template <typename Run>
int measure(const char *peer, const Options &options, Run run) {
  try {
    const auto in = [](double seconds) {
      return Clock::now() + std::chrono::nanoseconds(static_cast<int64_t>(seconds * 1e9));
    };
    run(Phase{options.in_flight, in(options.warm_up), options.calls > 0 ? 1 : 0, true});

    const double cpu_before = cpu_seconds();
    const auto begin = Clock::now();
    std::vector<Lane> lanes = run(Phase{options.in_flight, in(options.seconds), options.calls, false});
    const double elapsed = std::chrono::duration<double>(Clock::now() - begin).count();
    const double cpu = cpu_seconds() - cpu_before;

    run(Phase{1, Clock::now(), 1, true});

    Lane all;
    for (const Lane &lane : lanes) all.insert(all.end(), lane.begin(), lane.end());
    std::sort(all.begin(), all.end());
    const double sum = std::accumulate(all.begin(), all.end(), 0.0);
    std::printf(
        "{\"peer\": \"%s\", \"payload\": %zu, \"in_flight\": %d, \"calls\": %zu, \"elapsed_s\": %.6f, "
        "\"p50_us\": %.2f, \"p99_us\": %.2f, \"mean_us\": %.2f, \"calls_per_s\": %.2f, "
        "\"cpu_s_per_1000\": %.6f, \"peak_rss_bytes\": %ld, \"compared_completely\": %d}\n",
        peer, options.payload, options.in_flight, all.size(), elapsed, percentile(all, 0.5),
        percentile(all, 0.99), sum / all.size() * 1e-3, all.size() / elapsed, cpu / all.size() * 1000,
        peak_memory_bytes(), options.in_flight + 1);
    return 0;
  } catch (const std::exception &error) {
    std::fprintf(stderr, "%s: %s\n", peer, error.what());
    return 1;
  }
}
