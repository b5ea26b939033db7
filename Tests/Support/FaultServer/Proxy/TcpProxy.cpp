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

RouteReport TcpProxy::open(const Place &place, const RouteFaults &faults, std::optional<int> serverPort) {
  std::lock_guard<std::mutex> lock(mutex_);
  Route route;
  route.listener = Socket::listening(place);
  route.place = {place.address, route.listener.port()};
  route.serverPort = serverPort.value_or(serverPort_);
  route.set(faults);
  route.report.port = route.place.port;
  // Ports of 127.0.0.1 first, then those of 127.0.0.2, and so on.
  const int host = std::stoi(place.address.substr(place.address.rfind('.') + 1));
  route.report.name = (host - 1) * 65536 + route.place.port;
  const int name = route.report.name;
  routes_[name] = std::move(route);
  wake();
  return routes_[name].current_report();
}

RouteReport TcpProxy::change(
    int name, const RouteFaults &faults, bool listens, bool drops, std::optional<int> serverPort) {
  std::lock_guard<std::mutex> lock(mutex_);
  Route &changed = route(name);
  changed.set(faults);
  if (serverPort) changed.serverPort = *serverPort;
  if (!listens) changed.listener.close();
  if (listens && !changed.listener.is_open()) changed.listener = Socket::listening(changed.place);
  for (const auto &connection : changed.connections) {
    connection->set(faults);
    if (drops) connection->close();
  }
  changed.forget_closed();
  wake();
  return changed.current_report();
}

RouteReport TcpProxy::report(int name) const {
  std::lock_guard<std::mutex> lock(mutex_);
  return route(name).current_report();
}

RouteReport TcpProxy::close(int name) {
  std::lock_guard<std::mutex> lock(mutex_);
  const RouteReport report = route(name).current_report();
  routes_.erase(name);
  wake();
  return report;
}

TcpProxy::Route &TcpProxy::route(int name) {
  return const_cast<Route &>(static_cast<const TcpProxy *>(this)->route(name));
}

const TcpProxy::Route &TcpProxy::route(int name) const {
  const auto found = routes_.find(name);
  if (found == routes_.end()) throw BadRequest("the proxy has no port " + std::to_string(name));
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
  waitingRoutes_.clear();
  waitingConnections_.clear();
  wakeTime_ = Clock::time_point::max();
  for (const auto &[name, route] : routes_) {
    descriptors_.push_back({route.listener.descriptor(), POLLIN, 0});
    waitingRoutes_.push_back(name);
  }
  for (const auto &[name, route] : routes_) {
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
  for (const int name : waitingRoutes_) {
    const auto found = routes_.find(name);
    if ((descriptor++)->revents != 0 && found != routes_.end()) found->second.accept();
  }
  for (const auto &connection : waitingConnections_) {
    const bool isReady = descriptor[0].revents != 0 || descriptor[1].revents != 0 || connection->is_due(now);
    descriptor += 2;
    if (isReady && connection->is_open()) connection->work(now);
  }
  waitingConnections_.clear();
  for (auto &[name, route] : routes_) route.forget_closed();
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

void TcpProxy::Route::set(const RouteFaults &newFaults) {
  faults = newFaults;
  random.seed(newFaults.drops.seed);
}

/// Gives a connection an end, if it is its turn.
void TcpProxy::Route::choose_drop(RouteFaults &own) {
  // As many numbers for each connection, so that what one is given does not depend on the others' turns.
  const double chance = static_cast<double>(random() >> 11) * 0x1p-53;
  const int64_t place = static_cast<int64_t>(random() % static_cast<uint64_t>(own.drops.within));
  const bool isUpload = (random() & 1) != 0;
  if (chance >= own.drops.fraction) return;
  (isUpload ? own.upload : own.answer).cutAt = place;
  ++report.dropped;
}

void TcpProxy::Route::accept() {
  while (listener.is_open()) {
    Socket caller = listener.accept();
    if (!caller.is_open()) return;
    ++report.accepted;
    const bool isFaulty = faults.connections > 0;
    if (isFaulty) --faults.connections;
    RouteFaults own = isFaulty ? faults : RouteFaults();
    choose_drop(own);
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
