// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#ifndef CTRITON_MESSAGE_HPP
#define CTRITON_MESSAGE_HPP

#include <grpcpp/grpcpp.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/slice.h>

#include <memory>
#include <vector>

#include "CTritonTransport.h"

/// The vector never changes after it is filled: short slices keep their bytes inside the element itself.
struct CTriton_Message {
  std::vector<grpc::Slice> slices;
};

/// Takes over the memory of `slices`, on every path: if this throws, all of it has been released.
grpc::ByteBuffer outgoing_message(const CTriton_OutgoingSlice *slices, size_t count);

/// Takes the slices out of a buffer, which is empty afterwards. Null, and `status` says why, if that fails.
std::unique_ptr<CTriton_Message> received_message(grpc::ByteBuffer &buffer, grpc::Status &status);

#endif  // CTRITON_MESSAGE_HPP
