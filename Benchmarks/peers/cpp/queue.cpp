// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors
//
// The asynchronous stub, as Triton's C++ client's AsyncInfer: one thread takes all ends of calls from a queue.

#include "Chains.hpp"

#include <thread>

int main(int argument_count, char **arguments) {
  const Options options(argument_count, arguments);
  const Payload payload(options.payload);
  const auto stub = connect(options.target);
  grpc::CompletionQueue queue;
  std::thread worker([&] {
    void *tag;
    bool ok;
    while (queue.Next(&tag, &ok)) static_cast<Chain *>(tag)->ended();
  });
  const int status = measure("cpp-queue", options, [&](const Phase &phase) {
    return run_chains(phase, payload, [&](Chain &chain) {
      chain.reader() = stub->AsyncModelInfer(&chain.context(), chain.request(), &queue);
      chain.reader()->Finish(&chain.response(), &chain.status(), &chain);
    });
  });
  queue.Shutdown();
  worker.join();
  return status;
}
