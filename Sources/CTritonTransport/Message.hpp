// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#ifndef CTRITON_MESSAGE_HPP
#define CTRITON_MESSAGE_HPP

#include <grpc/byte_buffer.h>
#include <grpc/grpc.h>

#include <memory>

#include "CTritonTransport.h"

struct ByteBufferDeleter {
  void operator()(grpc_byte_buffer *buffer) const { grpc_byte_buffer_destroy(buffer); }
};

/// A message of gRPC's core.
using ByteBuffer = std::unique_ptr<grpc_byte_buffer, ByteBufferDeleter>;

/// The buffer never changes: short slices keep their bytes inside it.
struct CTriton_Message {
  ByteBuffer buffer;

  const grpc_slice_buffer &slices() const { return buffer->data.raw.slice_buffer; }
};

/// Takes over the memory of `slices`, on every path: if this throws, all of it has been released.
ByteBuffer outgoing_message(const CTriton_OutgoingSlice *slices, size_t count);

#endif  // CTRITON_MESSAGE_HPP
