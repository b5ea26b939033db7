// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#ifndef FAULT_SERVER_TCP_PROXY_HPP
#define FAULT_SERVER_TCP_PROXY_HPP

#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "Connection.hpp"
#include "RouteFaults.hpp"
#include "Socket.hpp"

/// What a port of the proxy has seen.
struct RouteReport {
  int port = 0;
  int64_t accepted = 0;
  int64_t open = 0;
  /// Bytes that have passed to the server, and back.
  int64_t uploaded = 0, answered = 0;
};

/// Ports that lead to the server over connections with faults. One thread moves all bytes; the functions may be
/// called from any thread. They throw BadRequest for a port that was not opened here.
class TcpProxy {
 public:
  /// A proxy of the server at a port of this machine.
  explicit TcpProxy(int serverPort);
  ~TcpProxy();

  /// Opens a port of its own.
  RouteReport open(const RouteFaults &faults);

  /// Gives the port and its connections other faults. A port that does not listen refuses connections as one
  /// where no server is; `drops` ends those that exist.
  RouteReport change(int port, const RouteFaults &faults, bool listens, bool drops);

  RouteReport report(int port) const;

  /// Closes the port and its connections.
  RouteReport close(int port);

 private:
  struct Route {
    Socket listener;
    RouteFaults faults;
    RouteReport report;
    std::vector<std::shared_ptr<Connection>> connections;

    RouteReport current_report() const;
    void accept(int serverPort);
    void forget_closed();
  };

  Route &route(int port);
  const Route &route(int port) const;
  void run();
  bool prepare_wait();
  void wait();
  void work();
  void wake() const;

  const int serverPort_;
  mutable std::mutex mutex_;
  std::map<int, Route> routes_;
  bool isStopping_ = false;
  /// What the thread waits for: itself being woken, then the ports, then two descriptors of each connection.
  std::vector<pollfd> descriptors_;
  std::vector<int> waitingPorts_;
  std::vector<std::shared_ptr<Connection>> waitingConnections_;
  Direction::Clock::time_point wakeTime_;
  /// A byte written to the second end wakes the thread, which waits at the first.
  int wakeEnds_[2];
  std::thread thread_;
};

#endif  // FAULT_SERVER_TCP_PROXY_HPP
