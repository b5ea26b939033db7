// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors
//
// The server of the benchmarks. Prints its two ports and gRPC's version as one line of JSON and ends when standard
// input closes. With --spoil it changes a byte of every answer, with --threads N it uses as many threads for gRPC.

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>

#include "InferenceEcho.hpp"
#include "TCPEcho.hpp"

int main(int argument_count, char **arguments) {
  int thread_count = 1;
  bool spoils = false;
  for (int index = 1; index < argument_count; ++index) {
    const std::string argument = arguments[index];
    if (argument == "--spoil") {
      spoils = true;
    } else if (argument == "--threads" && index + 1 < argument_count) {
      thread_count = std::atoi(arguments[++index]);
    } else {
      thread_count = 0;
    }
  }
  if (thread_count < 1) {
    std::fprintf(stderr, "usage: %s [--threads N] [--spoil]\n", arguments[0]);
    return 64;
  }
  try {
    InferenceEcho inference(thread_count, spoils);
    TCPEcho tcp(spoils);
    std::printf("{\"grpc\": %d, \"tcp\": %d, \"version\": \"%s\"}\n", inference.port(), tcp.port(),
                grpc::Version().c_str());
    std::fflush(stdout);
    char ignored[256];
    while (read(STDIN_FILENO, ignored, sizeof ignored) > 0) {
    }
  } catch (const std::exception &error) {
    std::fprintf(stderr, "echo: %s\n", error.what());
    return 70;
  }
}
