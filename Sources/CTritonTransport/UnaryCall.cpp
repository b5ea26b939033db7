// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#include <memory>
#include <string>
#include <vector>

#include "Channel.hpp"
#include "Message.hpp"

namespace {

/// What one call needs while gRPC works on it. Shared by the handle and the completion: whichever goes last
/// frees it, so cancelling is safe at any time.
struct CallState {
  grpc::ClientContext context;
  grpc::ByteBuffer request;
  grpc::ByteBuffer response;
};

/// Takes over the memory of `slices`. If it throws, the slices wrapped so far are released by their own
/// destructors and the others by the guard below.
grpc::ByteBuffer request_message(const CTriton_OutgoingSlice *slices, size_t count) {
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

void complete(CallState &state, const grpc::Status &result, void *context,
              CTriton_UnaryCompletion completion) {
  // The request's memory goes back to its owner before the caller hears of the end.
  state.request.Clear();
  grpc::Status status = result;
  std::unique_ptr<CTriton_Message> message;
  if (status.ok()) {
    try {
      message = std::make_unique<CTriton_Message>();
      status = state.response.Dump(&message->slices);
    } catch (...) {
      status = grpc::Status(grpc::StatusCode::RESOURCE_EXHAUSTED,
                            "no memory left for the received message");
    }
    state.response.Clear();
  }
  const std::string text = status.error_message();
  const CTriton_Status ended{static_cast<int32_t>(status.error_code()), text.data(), text.size()};
  completion(context, &ended, status.ok() ? message.release() : nullptr);
}

}  // namespace

struct CTriton_Call {
  std::shared_ptr<CallState> state;
};

CTriton_Call *CTriton_call_start_unary(
    CTriton_Channel *channel, const char *method, const CTriton_Header *headers, size_t headerCount,
    const CTriton_OutgoingSlice *slices, size_t sliceCount, int64_t timeoutNanoseconds, void *context,
    CTriton_UnaryCompletion completion) {
  try {
    // First of all, so that every path from here on releases the slices.
    grpc::ByteBuffer request = request_message(slices, sliceCount);
    auto state = std::make_shared<CallState>();
    auto call = std::make_unique<CTriton_Call>(CTriton_Call{state});
    state->request.Swap(&request);
    for (size_t index = 0; index < headerCount; ++index) {
      state->context.AddMetadata(headers[index].key, headers[index].value);
    }
    if (timeoutNanoseconds >= 0) {
      state->context.set_deadline(gpr_time_add(
          gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_nanos(timeoutNanoseconds, GPR_TIMESPAN)));
    }
    CallState &running = *state;
    channel->stub.UnaryCall(
        &running.context, method, grpc::StubOptions(), &running.request, &running.response,
        [state = std::move(state), context, completion](grpc::Status status) {
          complete(*state, status, context, completion);
        });
    return call.release();
  } catch (...) {
    return nullptr;
  }
}

void CTriton_call_cancel(CTriton_Call *call) { call->state->context.TryCancel(); }

void CTriton_call_destroy(CTriton_Call *call) { delete call; }
