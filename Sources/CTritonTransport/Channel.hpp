// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#ifndef CTRITON_CHANNEL_HPP
#define CTRITON_CHANNEL_HPP

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <memory>
#include <utility>

#include "CTritonTransport.h"

struct CTriton_Channel {
  explicit CTriton_Channel(std::shared_ptr<grpc::Channel> channel) : stub(std::move(channel)) {}

  grpc::GenericStub stub;
};

#endif  // CTRITON_CHANNEL_HPP
