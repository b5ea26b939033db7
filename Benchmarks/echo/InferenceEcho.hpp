// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <thread>
#include <vector>

/// A KServe v2 server whose one model, "echo", answers with what it was sent.
class InferenceEcho {
 public:
  /// Begins to answer, on loopback and a port that the system chooses; if it spoils, with a byte changed.
  InferenceEcho(int thread_count, bool spoils);

  /// Ends every call and the threads.
  ~InferenceEcho();

  int port() const { return port_; }

 private:
  class Service;

  std::unique_ptr<Service> service_;
  std::vector<std::unique_ptr<grpc::ServerCompletionQueue>> queues_;
  std::unique_ptr<grpc::Server> server_;
  std::vector<std::thread> threads_;
  int port_ = 0;
};
