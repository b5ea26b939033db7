// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

// An inference server that misbehaves as its callers ask: see README.md beside this file.

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <thread>

#include "Service.hpp"

namespace {

int stopEnds[2];

void request_stop(int) {
  const ssize_t written = ::write(stopEnds[1], "", 1);
  static_cast<void>(written);
}

/// Returns when the standard input has ended, which it does with the process that holds its other end, or a
/// signal asks for the end.
void wait_for_the_end() {
  pollfd descriptors[] = {{STDIN_FILENO, POLLIN, 0}, {stopEnds[0], POLLIN, 0}};
  while (true) {
    if (::poll(descriptors, 2, -1) < 0) continue;
    if (descriptors[1].revents != 0) return;
    char bytes[256];
    if (descriptors[0].revents != 0 && ::read(STDIN_FILENO, bytes, sizeof bytes) <= 0) return;
  }
}

/// The port of "--port N"; -1 for other arguments.
int port_of(int count, char **arguments) {
  if (count == 1) return 0;
  if (count != 3 || std::strcmp(arguments[1], "--port") != 0) return -1;
  char *end = nullptr;
  const long port = std::strtol(arguments[2], &end, 10);
  return *end == 0 && end != arguments[2] && port >= 0 && port <= 65535 ? static_cast<int>(port) : -1;
}

}  // namespace

int main(int count, char **arguments) {
  const int wanted = port_of(count, arguments);
  if (wanted < 0) {
    std::cerr << "usage: fault-server [--port PORT]\n"
                 "Serves until its standard input ends. Port 0 is one that is free; it is printed.\n";
    return 64;
  }
  if (::pipe(stopEnds) != 0) return 71;
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGTERM, request_stop);
  ::signal(SIGINT, request_stop);

  Shared shared;
  Service service(shared);
  const int port = service.listen(wanted);
  if (port == 0) {
    std::cerr << "fault-server: cannot listen on 127.0.0.1:" << wanted << "\n";
    return 69;
  }
  shared.proxy = std::make_unique<TcpProxy>(port);
  std::cout << "{\"grpc\": " << port << "}" << std::endl;

  wait_for_the_end();
  // Calls that ignore their cancellation do not keep the process.
  std::thread([] {
    std::this_thread::sleep_for(std::chrono::seconds(2));
    std::_Exit(0);
  }).detach();
  service.stop();
  return 0;
}
