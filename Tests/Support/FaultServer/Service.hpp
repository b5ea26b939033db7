// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#ifndef FAULT_SERVER_SERVICE_HPP
#define FAULT_SERVER_SERVICE_HPP

#include <grpcpp/grpcpp.h>

#include <memory>

#include "Call.hpp"

/// The inference service of Protos/grpc_service.proto. Methods that this server has are answered by encoded
/// messages, because some of the answers are to be no messages; the generated code answers UNIMPLEMENTED for
/// the others.
class Service {
 public:
  explicit Service(Shared &shared);
  ~Service();

  /// Listens on a port of 127.0.0.1, 0 for one that is free; the result is the port, 0 if that failed.
  int listen(int port);

  /// Ends all calls.
  void stop();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

#endif  // FAULT_SERVER_SERVICE_HPP
