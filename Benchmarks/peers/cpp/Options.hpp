// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#pragma once

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string>

/// What every peer is told: `--target HOST:PORT --payload BYTES --in-flight N --warm-up S --seconds S`, or
/// `--calls N` (for each lane) instead of a time.
struct Options {
  std::string target;
  size_t payload = 64;
  int in_flight = 1;
  double warm_up = 0.1;
  double seconds = 0.5;
  long calls = 0;

  Options(int argument_count, char **arguments) {
    for (int index = 1; index < argument_count; index += 2) {
      const std::string name = arguments[index];
      const char *value = index + 1 < argument_count ? arguments[index + 1] : "";
      if (name == "--target") {
        target = value;
      } else if (name == "--payload") {
        payload = std::strtoull(value, nullptr, 10);
      } else if (name == "--in-flight") {
        in_flight = std::atoi(value);
      } else if (name == "--warm-up") {
        warm_up = std::atof(value);
      } else if (name == "--seconds") {
        seconds = std::atof(value);
      } else if (name == "--calls") {
        calls = std::atol(value);
      } else {
        refuse(arguments[0]);
      }
    }
    if (target.empty() || payload < 4 || payload % 4 != 0 || in_flight < 1) refuse(arguments[0]);
  }

 private:
  [[noreturn]] static void refuse(const char *program) {
    std::fprintf(stderr,
                 "usage: %s --target HOST:PORT [--payload BYTES (a multiple of 4)] [--in-flight N] "
                 "[--warm-up S] [--seconds S | --calls N]\n",
                 program);
    std::exit(64);
  }
};
