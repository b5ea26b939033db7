// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#include "TcpProxy.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "../Values.hpp"

using Clock = Direction::Clock;

TcpProxy::TcpProxy(int serverPort) : serverPort_(serverPort) {
  if (::pipe(wakeEnds_) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
  for (const int end : wakeEnds_) ::fcntl(end, F_SETFL, O_NONBLOCK);
  thread_ = std::thread([this] { run(); });
}

TcpProxy::~TcpProxy() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    isStopping_ = true;
  }
  wake();
  thread_.join();
  for (const int end : wakeEnds_) ::close(end);
}

RouteReport TcpProxy::open(const RouteFaults &faults) {
  std::lock_guard<std::mutex> lock(mutex_);
  Route route;
  route.listener = Socket::listening(0);
  route.faults = faults;
  route.report.port = route.listener.port();
  const int port = route.report.port;
  routes_[port] = std::move(route);
  wake();
  return routes_[port].current_report();
}

RouteReport TcpProxy::change(int port, const RouteFaults &faults, bool listens, bool drops) {
  std::lock_guard<std::mutex> lock(mutex_);
  Route &changed = route(port);
  changed.faults = faults;
  if (!listens) changed.listener.close();
  if (listens && !changed.listener.is_open()) changed.listener = Socket::listening(port);
  for (const auto &connection : changed.connections) {
    connection->set(faults);
    if (drops) connection->close();
  }
  changed.forget_closed();
  wake();
  return changed.current_report();
}

RouteReport TcpProxy::report(int port) const {
  std::lock_guard<std::mutex> lock(mutex_);
  return route(port).current_report();
}

RouteReport TcpProxy::close(int port) {
  std::lock_guard<std::mutex> lock(mutex_);
  const RouteReport report = route(port).current_report();
  routes_.erase(port);
  wake();
  return report;
}

TcpProxy::Route &TcpProxy::route(int port) {
  return const_cast<Route &>(static_cast<const TcpProxy *>(this)->route(port));
}

const TcpProxy::Route &TcpProxy::route(int port) const {
  const auto found = routes_.find(port);
  if (found == routes_.end()) throw BadRequest("the proxy has no port " + std::to_string(port));
  return found->second;
}

void TcpProxy::wake() const {
  // A full pipe has woken the thread already.
  const ssize_t written = ::write(wakeEnds_[1], "", 1);
  static_cast<void>(written);
}

void TcpProxy::run() {
  while (prepare_wait()) {
    wait();
    work();
  }
}

/// Notes what to wait for. False when the proxy is to stop.
bool TcpProxy::prepare_wait() {
  std::lock_guard<std::mutex> lock(mutex_);
  descriptors_ = {{wakeEnds_[0], POLLIN, 0}};
  waitingPorts_.clear();
  waitingConnections_.clear();
  wakeTime_ = Clock::time_point::max();
  for (const auto &[port, route] : routes_) {
    descriptors_.push_back({route.listener.descriptor(), POLLIN, 0});
    waitingPorts_.push_back(port);
  }
  for (const auto &[port, route] : routes_) {
    for (const auto &connection : route.connections) {
      connection->wait(descriptors_, wakeTime_);
      waitingConnections_.push_back(connection);
    }
  }
  return !isStopping_;
}

/// Waits until a socket is ready, bytes are due or something has changed.
void TcpProxy::wait() {
  int milliseconds = -1;
  if (wakeTime_ != Clock::time_point::max()) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(wakeTime_ - Clock::now()).count();
    milliseconds = static_cast<int>(std::max<int64_t>(0, left));
  }
  ::poll(descriptors_.data(), descriptors_.size(), milliseconds);
  char bytes[64];
  while (::read(wakeEnds_[0], bytes, sizeof bytes) > 0) continue;
}

/// Serves the ports and connections that are ready, as far as they still are there.
void TcpProxy::work() {
  std::lock_guard<std::mutex> lock(mutex_);
  const auto now = Clock::now();
  auto descriptor = descriptors_.begin() + 1;
  for (const int port : waitingPorts_) {
    const auto found = routes_.find(port);
    if ((descriptor++)->revents != 0 && found != routes_.end()) found->second.accept(serverPort_);
  }
  for (const auto &connection : waitingConnections_) {
    const bool isReady = descriptor[0].revents != 0 || descriptor[1].revents != 0 || connection->is_due(now);
    descriptor += 2;
    if (isReady && connection->is_open()) connection->work(now);
  }
  waitingConnections_.clear();
  for (auto &[port, route] : routes_) route.forget_closed();
}

// ---- A port

RouteReport TcpProxy::Route::current_report() const {
  RouteReport result = report;
  result.open = static_cast<int64_t>(connections.size());
  for (const auto &connection : connections) {
    result.uploaded += connection->uploaded();
    result.answered += connection->answered();
  }
  return result;
}

void TcpProxy::Route::accept(int serverPort) {
  while (listener.is_open()) {
    Socket caller = listener.accept();
    if (!caller.is_open()) return;
    ++report.accepted;
    const bool isFaulty = faults.connections > 0;
    if (isFaulty) --faults.connections;
    const RouteFaults own = isFaulty ? faults : RouteFaults();
    if (own.refuses) {
      caller.reset();
      continue;
    }
    try {
      connections.push_back(std::make_shared<Connection>(std::move(caller), serverPort, own));
    } catch (const std::system_error &) {
      // The server is ending, or there are no descriptors left: the caller loses its connection.
    }
  }
}

void TcpProxy::Route::forget_closed() {
  for (auto connection = connections.begin(); connection != connections.end();) {
    if ((*connection)->is_open()) {
      ++connection;
      continue;
    }
    report.uploaded += (*connection)->uploaded();
    report.answered += (*connection)->answered();
    connection = connections.erase(connection);
  }
}
