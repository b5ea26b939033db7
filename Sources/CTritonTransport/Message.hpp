// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#ifndef CTRITON_MESSAGE_HPP
#define CTRITON_MESSAGE_HPP

#include <grpcpp/support/slice.h>

#include <vector>

#include "CTritonTransport.h"

/// The vector never changes after it is filled: short slices keep their bytes inside the element itself.
struct CTriton_Message {
  std::vector<grpc::Slice> slices;
};

#endif  // CTRITON_MESSAGE_HPP
