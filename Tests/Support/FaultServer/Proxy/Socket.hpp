// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#ifndef FAULT_SERVER_SOCKET_HPP
#define FAULT_SERVER_SOCKET_HPP

#include <cstdint>
#include <string>

/// An address of this machine's loopback interface, and a port.
struct Place {
  std::string address = "127.0.0.1";
  int port = 0;
};

/// A TCP socket on the loopback interface that does not block. Functions that fail throw std::system_error.
class Socket {
 public:
  Socket() = default;
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  Socket(Socket &&other) noexcept;
  Socket &operator=(Socket &&other) noexcept;
  ~Socket() { close(); }

  /// Listens at a place, port 0 for one that is free. Throws std::invalid_argument for an address that is not one of
  /// 127.0.0.1 … 127.0.0.254.
  static Socket listening(const Place &place);

  /// A connection to a port of 127.0.0.1.
  static Socket connected(int port);

  /// Takes a connection; an invalid socket if there is none.
  Socket accept() const;

  /// The port of a listening socket.
  int port() const;

  bool is_open() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }

  void close();

  /// Closes a connection in a way that the other side gets an error instead of an end.
  void reset();

 private:
  int descriptor_ = -1;
};

#endif  // FAULT_SERVER_SOCKET_HPP
