// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#include "Message.hpp"

namespace {

grpc_slice wrapped(const CTriton_OutgoingSlice &slice) {
  if (slice.release == nullptr) {
    return grpc_slice_from_copied_buffer(static_cast<const char *>(slice.bytes), slice.byteCount);
  }
  // gRPC only reads the memory; its signature has no const.
  return grpc_slice_new_with_user_data(
      const_cast<void *>(slice.bytes), slice.byteCount, slice.release, slice.context);
}

}  // namespace

ByteBuffer outgoing_message(const CTriton_OutgoingSlice *slices, size_t count) {
  // gRPC's own allocations end the process when they fail; nothing here throws.
  ByteBuffer message(grpc_raw_byte_buffer_create(nullptr, 0));
  for (size_t index = 0; index < count; ++index) {
    grpc_slice_buffer_add(&message->data.raw.slice_buffer, wrapped(slices[index]));
  }
  return message;
}

size_t CTriton_message_slice_count(const CTriton_Message *message) { return message->slices().count; }

const void *CTriton_message_borrow_slice(const CTriton_Message *message, size_t index, size_t *byteCount) {
  const grpc_slice &slice = message->slices().slices[index];
  *byteCount = GRPC_SLICE_LENGTH(slice);
  return GRPC_SLICE_START_PTR(slice);
}

void CTriton_message_destroy(CTriton_Message *message) { delete message; }
