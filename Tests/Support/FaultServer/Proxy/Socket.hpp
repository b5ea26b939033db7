// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#ifndef FAULT_SERVER_SOCKET_HPP
#define FAULT_SERVER_SOCKET_HPP

/// A TCP socket on 127.0.0.1 that does not block. Functions that fail throw std::system_error.
class Socket {
 public:
  Socket() = default;
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  Socket(Socket &&other) noexcept;
  Socket &operator=(Socket &&other) noexcept;
  ~Socket() { close(); }

  /// Listens on a port, 0 for one that is free.
  static Socket listening(int port);

  /// A connection to a port.
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
