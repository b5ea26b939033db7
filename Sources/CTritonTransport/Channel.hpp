// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#ifndef CTRITON_CHANNEL_HPP
#define CTRITON_CHANNEL_HPP

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <memory>
#include <utility>

#include "CTritonTransport.h"
#include "Loop.hpp"

struct CTriton_Channel {
  CTriton_Channel(std::shared_ptr<grpc::Channel> channel, std::shared_ptr<Loop> loop)
      : stub(std::move(channel)), loop(std::move(loop)) {}

  grpc::GenericStub stub;
  const std::shared_ptr<Loop> loop;
};

#endif  // CTRITON_CHANNEL_HPP
