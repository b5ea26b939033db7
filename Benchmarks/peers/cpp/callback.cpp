// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors
//
// gRPC's callback stub: gRPC's own threads complete the calls and start the next ones.

#include "Chains.hpp"

int main(int argument_count, char **arguments) {
  const Options options(argument_count, arguments);
  const Payload payload(options.payload);
  const auto stub = connect(options.target);
  return measure("cpp-callback", options, [&](const Phase &phase) {
    return run_chains(phase, payload, [&](Chain &chain) {
      stub->async()->ModelInfer(&chain.context(), &chain.request(), &chain.response(),
                                [&chain](grpc::Status status) {
                                  chain.status() = std::move(status);
                                  chain.ended();
                                });
    });
  });
}
