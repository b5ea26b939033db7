// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#include "Socket.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace {

void check(int result, const char *what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
}

sockaddr_in loopback(const Place &place) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  const bool isAddress = ::inet_pton(AF_INET, place.address.c_str(), &address.sin_addr) == 1;
  const uint32_t host = ntohl(address.sin_addr.s_addr);
  if (!isAddress || host < INADDR_LOOPBACK || host >= INADDR_LOOPBACK + 254) {
    throw std::invalid_argument("no address from 127.0.0.1 to 127.0.0.254: " + place.address);
  }
  address.sin_port = htons(static_cast<uint16_t>(place.port));
  return address;
}

void set_options(int descriptor) {
  check(::fcntl(descriptor, F_SETFL, O_NONBLOCK), "fcntl");
  check(::fcntl(descriptor, F_SETFD, FD_CLOEXEC), "fcntl");
}

Socket make_socket() {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM, 0);
  check(descriptor, "socket");
  return Socket(descriptor);
}

}  // namespace

Socket::Socket(Socket &&other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

Socket &Socket::operator=(Socket &&other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

Socket Socket::listening(const Place &place) {
  const sockaddr_in address = loopback(place);
  Socket socket = make_socket();
  const int yes = 1;
  check(::setsockopt(socket.descriptor_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes), "setsockopt");
  check(::bind(socket.descriptor_, reinterpret_cast<const sockaddr *>(&address), sizeof address), "bind");
  check(::listen(socket.descriptor_, 128), "listen");
  set_options(socket.descriptor_);
  return socket;
}

Socket Socket::connected(int port) {
  Socket socket = make_socket();
  const sockaddr_in address = loopback({"127.0.0.1", port});
  check(::connect(socket.descriptor_, reinterpret_cast<const sockaddr *>(&address), sizeof address), "connect");
  const int yes = 1;
  check(::setsockopt(socket.descriptor_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes), "setsockopt");
  set_options(socket.descriptor_);
  return socket;
}

Socket Socket::accept() const {
  Socket socket(::accept(descriptor_, nullptr, nullptr));
  if (!socket.is_open()) return socket;
  const int yes = 1;
  check(::setsockopt(socket.descriptor_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes), "setsockopt");
  set_options(socket.descriptor_);
  return socket;
}

int Socket::port() const {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  check(::getsockname(descriptor_, reinterpret_cast<sockaddr *>(&address), &size), "getsockname");
  return ntohs(address.sin_port);
}

void Socket::close() {
  if (is_open()) ::close(std::exchange(descriptor_, -1));
}

void Socket::reset() {
  if (!is_open()) return;
  const linger none{1, 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &none, sizeof none);
  close();
}
