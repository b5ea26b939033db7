// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#include "TCPEcho.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <system_error>
#include <thread>
#include <vector>

namespace {

void serve(int socket, bool spoils) {
  int on = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  std::vector<char> message(64 * 1024);
  for (;;) {
    uint64_t payload = 0;
    size_t received = 0;
    size_t size = sizeof payload;
    while (received < size) {
      const ssize_t count = recv(socket, message.data() + received, message.size() - received, 0);
      if (count <= 0) {
        close(socket);
        return;
      }
      received += count;
      if (received >= sizeof payload && size == sizeof payload) {
        memcpy(&payload, message.data(), sizeof payload);
        size += payload;
        if (message.size() < size) message.resize(size);
      }
    }
    if (spoils) message[sizeof payload + payload / 2] ^= 1;
    for (size_t sent = 0; sent < size;) {
      const ssize_t count = send(socket, message.data() + sent, size - sent, MSG_NOSIGNAL);
      if (count <= 0) {
        close(socket);
        return;
      }
      sent += count;
    }
  }
}

}  // namespace

TCPEcho::TCPEcho(bool spoils) {
  const auto check = [](int result) {
    if (result < 0) throw std::system_error(errno, std::generic_category(), "listening on 127.0.0.1");
    return result;
  };
  const int listener = check(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  check(bind(listener, reinterpret_cast<sockaddr *>(&address), size));
  check(listen(listener, SOMAXCONN));
  check(getsockname(listener, reinterpret_cast<sockaddr *>(&address), &size));
  port_ = ntohs(address.sin_port);
  std::thread([listener, spoils] {
    for (;;) {
      const int socket = accept(listener, nullptr, nullptr);
      if (socket >= 0) std::thread(serve, socket, spoils).detach();
    }
  }).detach();
}
