// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#include <memory>
#include <string>

#include "CallContext.hpp"
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

void complete(CallState &state, const grpc::Status &result, void *context,
              CTriton_UnaryCompletion completion) {
  // The request's memory goes back to its owner before the caller hears of the end.
  state.request.Clear();
  grpc::Status status = result;
  std::unique_ptr<CTriton_Message> message;
  if (status.ok()) message = received_message(state.response, status);
  const std::string text = status.error_message();
  const CTriton_Status ended = ended_with(status, text);
  completion(context, &ended, status.ok() ? message.release() : nullptr);
}

}  // namespace

struct CTriton_Call {
  std::shared_ptr<CallState> state;
};

CTriton_Call *CTriton_call_start_unary(
    CTriton_Channel *channel, const CTriton_CallDescription *description,
    const CTriton_OutgoingSlice *slices, size_t sliceCount, void *context,
    CTriton_UnaryCompletion completion) {
  try {
    // First of all, so that every path from here on releases the slices.
    grpc::ByteBuffer request = outgoing_message(slices, sliceCount);
    auto state = std::make_shared<CallState>();
    auto call = std::make_unique<CTriton_Call>(CTriton_Call{state});
    state->request.Swap(&request);
    describe(state->context, *description);
    CallState &running = *state;
    channel->stub.UnaryCall(
        &running.context, description->method, grpc::StubOptions(), &running.request, &running.response,
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
