// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#include <memory>
#include <string>
#include <utility>

#include "CallContext.hpp"
#include "Channel.hpp"
#include "Message.hpp"

namespace {

/// One call while gRPC works on it. It keeps itself alive until it has ended, the handle keeps it beyond: so
/// cancelling is safe at any time.
class UnaryCall final : public Completion {
 public:
  UnaryCall(void *owner, CTriton_UnaryCompletion completion) : owner_(owner), completion_(completion) {}

  void start(CTriton_Channel &channel, const CTriton_CallDescription &description, grpc::ByteBuffer request,
             std::shared_ptr<UnaryCall> self) {
    describe(context_, description);
    self_ = std::move(self);
    reader_ = channel.stub.PrepareUnaryCall(&context_, description.method, request, channel.loop->queue());
    // gRPC has a reference of its own now, which it gives back as soon as it has no more use for the memory.
    request.Clear();
    reader_->StartCall();
    reader_->Finish(&response_, &status_, static_cast<Completion *>(this));
  }

  void cancel() { context_.TryCancel(); }

  void complete(bool) override {
    const std::shared_ptr<UnaryCall> keep = std::move(self_);
    std::unique_ptr<CTriton_Message> message;
    if (status_.ok()) message = received_message(response_, status_);
    const std::string text = status_.error_message();
    const CTriton_Status ended = ended_with(status_, text);
    completion_(owner_, &ended, status_.ok() ? message.release() : nullptr);
  }

 private:
  void *const owner_;
  const CTriton_UnaryCompletion completion_;
  grpc::ClientContext context_;
  grpc::ByteBuffer response_;
  grpc::Status status_;
  std::unique_ptr<grpc::GenericClientAsyncResponseReader> reader_;
  std::shared_ptr<UnaryCall> self_;
};

}  // namespace

struct CTriton_Call {
  std::shared_ptr<UnaryCall> call;
};

CTriton_Call *CTriton_call_start_unary(
    CTriton_Channel *channel, const CTriton_CallDescription *description,
    const CTriton_OutgoingSlice *slices, size_t sliceCount, void *context,
    CTriton_UnaryCompletion completion) {
  try {
    // First of all, so that every path from here on releases the slices.
    grpc::ByteBuffer request = outgoing_message(slices, sliceCount);
    auto call = std::make_shared<UnaryCall>(context, completion);
    auto handle = std::make_unique<CTriton_Call>(CTriton_Call{call});
    UnaryCall &starting = *call;
    starting.start(*channel, *description, std::move(request), std::move(call));
    return handle.release();
  } catch (...) {
    return nullptr;
  }
}

void CTriton_call_cancel(CTriton_Call *call) { call->call->cancel(); }

void CTriton_call_destroy(CTriton_Call *call) { delete call; }
