// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#include "Message.hpp"

size_t CTriton_message_slice_count(const CTriton_Message *message) { return message->slices.size(); }

const void *CTriton_message_borrow_slice(const CTriton_Message *message, size_t index, size_t *byteCount) {
  const grpc::Slice &slice = message->slices[index];
  *byteCount = slice.size();
  return slice.begin();
}

void CTriton_message_destroy(CTriton_Message *message) { delete message; }
