// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#ifndef FAULT_SERVER_TCP_PROXY_HPP
#define FAULT_SERVER_TCP_PROXY_HPP

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <thread>
#include <vector>

#include "Connection.hpp"
#include "RouteFaults.hpp"
#include "Socket.hpp"

/// What a port of the proxy has seen.
struct RouteReport {
  /// What the port is called here: its number, where it belongs to 127.0.0.1.
  int name = 0;
  int port = 0;
  int64_t accepted = 0;
  int64_t open = 0;
  /// Connections that were chosen to end somewhere.
  int64_t dropped = 0;
  /// Bytes that have passed to the server, and back.
  int64_t uploaded = 0, answered = 0;
};

/// Ports that lead to the server over connections with faults. One thread moves all bytes; the functions may be
/// called from any thread. They throw BadRequest for a port that was not opened here.
/// Ports go by names, because different addresses may have the same port.
class TcpProxy {
 public:
  /// A proxy of the server at a port of this machine.
  explicit TcpProxy(int serverPort);
  ~TcpProxy();

  /// Opens a port of its own, which leads to `serverPort` where that is given.
  RouteReport open(const Place &place, const RouteFaults &faults, std::optional<int> serverPort);

  /// Gives the port and its connections other faults. A port that does not listen refuses connections as one
  /// where no server is; `drops` ends those that exist. Connections that are made from now on lead to `serverPort`
  /// where that is given.
  RouteReport change(
      int name, const RouteFaults &faults, bool listens, bool drops, std::optional<int> serverPort);

  RouteReport report(int name) const;

  /// Closes the port and its connections.
  RouteReport close(int name);

 private:
  struct Route {
    Socket listener;
    Place place;
    int serverPort;
    RouteFaults faults;
    /// Says which connections are dropped, and where.
    std::mt19937_64 random;
    RouteReport report;
    std::vector<std::shared_ptr<Connection>> connections;

    RouteReport current_report() const;
    void set(const RouteFaults &newFaults);
    void accept();
    void choose_drop(RouteFaults &own);
    void forget_closed();
  };

  Route &route(int name);
  const Route &route(int name) const;
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
  std::vector<int> waitingRoutes_;
  std::vector<std::shared_ptr<Connection>> waitingConnections_;
  Direction::Clock::time_point wakeTime_;
  /// A byte written to the second end wakes the thread, which waits at the first.
  int wakeEnds_[2];
  std::thread thread_;
};

#endif  // FAULT_SERVER_TCP_PROXY_HPP
