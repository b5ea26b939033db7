// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors
//
// The floor: the payload there and back over TCP, with nothing around it but its length.

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "Threads.hpp"

namespace {

/// One connection, used by one lane.
class Connection {
 public:
  Connection(const std::string &target, size_t payload) : answer_(sizeof(uint64_t) + payload) {
    const size_t colon = target.rfind(':');
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(std::atoi(target.c_str() + colon + 1));
    if (inet_pton(AF_INET, target.substr(0, colon).c_str(), &address.sin_addr) != 1) {
      throw std::runtime_error("no address: " + target);
    }
    socket_ = check(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    check(::connect(socket_, reinterpret_cast<sockaddr *>(&address), sizeof address));
    int on = 1;
    check(setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on));
  }

  Connection(const Connection &) = delete;
  ~Connection() { close(socket_); }

  void call(const Payload &payload, bool compares) {
    uint64_t length = payload.size();
    iovec pieces[] = {{&length, sizeof length}, {const_cast<char *>(payload.bytes()), payload.size()}};
    msghdr message{};
    message.msg_iov = pieces;
    message.msg_iovlen = 2;
    while (message.msg_iovlen > 0) {
      size_t sent = check(sendmsg(socket_, &message, MSG_NOSIGNAL));
      while (message.msg_iovlen > 0 && sent >= message.msg_iov->iov_len) {
        sent -= message.msg_iov->iov_len;
        ++message.msg_iov;
        --message.msg_iovlen;
      }
      if (message.msg_iovlen > 0) {
        message.msg_iov->iov_base = static_cast<char *>(message.msg_iov->iov_base) + sent;
        message.msg_iov->iov_len -= sent;
      }
    }
    for (size_t received = 0; received < answer_.size();) {
      const size_t count = check(recv(socket_, answer_.data() + received, answer_.size() - received, 0));
      if (count == 0) throw std::runtime_error("the server closed the connection");
      received += count;
    }
    std::memcpy(&length, answer_.data(), sizeof length);
    payload.check(answer_.data() + sizeof length, length, compares);
  }

 private:
  static size_t check(ssize_t result) {
    if (result < 0) throw std::system_error(errno, std::generic_category(), "raw TCP");
    return result;
  }

  int socket_ = -1;
  std::vector<char> answer_;
};

}  // namespace

int main(int argument_count, char **arguments) {
  const Options options(argument_count, arguments);
  const Payload payload(options.payload);
  std::vector<std::unique_ptr<Connection>> connections;
  return measure("tcp", options, [&](const Phase &phase) {
    while (connections.size() < static_cast<size_t>(phase.lanes)) {
      connections.push_back(std::make_unique<Connection>(options.target, options.payload));
    }
    return run_threads(phase, [&](int lane, bool compares) { connections[lane]->call(payload, compares); });
  });
}
