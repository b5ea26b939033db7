// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#include "Message.hpp"

grpc::ByteBuffer outgoing_message(const CTriton_OutgoingSlice *slices, size_t count) {
  // Slices that were wrapped release themselves; the guard releases the others.
  struct Guard {
    const CTriton_OutgoingSlice *slices;
    size_t next, count;
    ~Guard() {
      for (; next < count; ++next) {
        if (slices[next].release != nullptr) slices[next].release(slices[next].context);
      }
    }
  } guard{slices, 0, count};

  std::vector<grpc::Slice> pieces;
  pieces.reserve(count);
  while (guard.next < count) {
    const CTriton_OutgoingSlice &slice = slices[guard.next];
    if (slice.release == nullptr) {
      pieces.emplace_back(slice.bytes, slice.byteCount);
    } else {
      // gRPC only reads the memory; its signature has no const.
      pieces.emplace_back(
          const_cast<void *>(slice.bytes), slice.byteCount, slice.release, slice.context);
    }
    ++guard.next;
  }
  return grpc::ByteBuffer(pieces.data(), pieces.size());
}

std::unique_ptr<CTriton_Message> received_message(grpc::ByteBuffer &buffer, grpc::Status &status) {
  std::unique_ptr<CTriton_Message> message;
  try {
    message = std::make_unique<CTriton_Message>();
    status = buffer.Dump(&message->slices);
  } catch (...) {
    status = grpc::Status(grpc::StatusCode::RESOURCE_EXHAUSTED, "no memory left for the received message");
  }
  buffer.Clear();
  return status.ok() ? std::move(message) : nullptr;
}

size_t CTriton_message_slice_count(const CTriton_Message *message) { return message->slices.size(); }

const void *CTriton_message_borrow_slice(const CTriton_Message *message, size_t index, size_t *byteCount) {
  const grpc::Slice &slice = message->slices[index];
  *byteCount = slice.size();
  return slice.begin();
}

void CTriton_message_destroy(CTriton_Message *message) { delete message; }
