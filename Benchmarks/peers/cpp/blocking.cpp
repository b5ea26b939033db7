// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors
//
// The blocking stub, as Triton's C++ client's Infer: one thread for each call in flight, one channel.

#include "Inference.hpp"
#include "Threads.hpp"

int main(int argument_count, char **arguments) {
  const Options options(argument_count, arguments);
  const Payload payload(options.payload);
  const auto stub = connect(options.target);
  std::vector<inference::ModelInferRequest> requests(options.in_flight);
  return measure("cpp-blocking", options, [&](const Phase &phase) {
    return run_threads(phase, [&](int lane, bool compares) {
      grpc::ClientContext context;
      const auto response = std::make_shared<inference::ModelInferResponse>();
      fill(requests[lane], payload);
      const grpc::Status status = stub->ModelInfer(&context, requests[lane], response.get());
      check(status, *response, payload, compares);
    });
  });
}
