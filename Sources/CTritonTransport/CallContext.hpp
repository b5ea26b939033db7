// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#ifndef CTRITON_CALL_CONTEXT_HPP
#define CTRITON_CALL_CONTEXT_HPP

#include <grpcpp/grpcpp.h>

#include <string>

#include "CTritonTransport.h"

static_assert(static_cast<int>(CTriton_Compression_none) == GRPC_COMPRESS_NONE, "the same numbers");
static_assert(static_cast<int>(CTriton_Compression_deflate) == GRPC_COMPRESS_DEFLATE, "the same numbers");
static_assert(static_cast<int>(CTriton_Compression_gzip) == GRPC_COMPRESS_GZIP, "the same numbers");

/// Gives a context what its call is described with.
inline void describe(grpc::ClientContext &context, const CTriton_CallDescription &description) {
  for (size_t index = 0; index < description.headerCount; ++index) {
    context.AddMetadata(description.headers[index].key, description.headers[index].value);
  }
  if (description.timeoutNanoseconds >= 0) {
    // The monotonic clock: setting the machine's time must not move a deadline.
    context.set_deadline(gpr_time_add(
        gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_nanos(description.timeoutNanoseconds, GPR_TIMESPAN)));
  }
  context.set_compression_algorithm(static_cast<grpc_compression_algorithm>(description.compression));
}

/// A status for the other side of the header; `text` must live as long as it.
inline CTriton_Status ended_with(const grpc::Status &status, const std::string &text) {
  return CTriton_Status{static_cast<int32_t>(status.error_code()), text.data(), text.size()};
}

#endif  // CTRITON_CALL_CONTEXT_HPP
