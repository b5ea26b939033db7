// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#include <atomic>
#include <chrono>
#include <new>
#include <utility>

#include "CallContext.hpp"
#include "Message.hpp"

namespace {

/// A part of a call whose end does not end the call.
class Part final : public Completion {
 public:
  using Handler = void (CTriton_Call::*)();

  Part(CTriton_Call &call, Handler handler) : call_(call), handler_(handler) {}

  void complete(bool) override;

 private:
  CTriton_Call &call_;
  const Handler handler_;
};

}  // namespace

/// One call. It belongs to gRPC, until its last part has ended, and to the owner of the handle: so cancelling is safe
/// at any time.
///
/// Sending is a part of its own: on a connection that has stalled it ends long after the call has, which was
/// cancelled or ran out of time.
struct CTriton_Call final : private Completion {
 public:
  CTriton_Call(const CTriton_Channel &channel, const CTriton_CallDescription &description, void *owner,
               CTriton_UnaryCompletion completion)
      : context_(channel.channel, description), owner_(owner), completion_(completion) {}

  void start(ByteBuffer request, bool isTimed) {
    request_ = std::move(request);
    begin_ = isTimed ? std::chrono::steady_clock::now() : begin_;
    references_ += isTimed ? 1 : 0;
    context_.start(
        {context_.send_headers(), send_message(request_.get()),
         operation_of(GRPC_OP_SEND_CLOSE_FROM_CLIENT)},
        sending_);
    if (isTimed) {
      context_.start({context_.receive_headers()}, answering_);
      context_.start({receive_message(&response_), context_.receive_status()}, *this);
    } else {
      context_.start(
          {context_.receive_headers(), receive_message(&response_), context_.receive_status()}, *this);
    }
  }

  void cancel() { context_.cancel(); }

  void release() {
    if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
  }

  /// The request's memory goes back to its owner.
  void sent() {
    request_.reset();
    times_.sent = elapsed();
  }

  void answered() { times_.answered = elapsed(); }

 private:
  ~CTriton_Call() = default;

  /// Nanoseconds since the start; negative if nobody wants to know.
  int64_t elapsed() const {
    if (begin_ == std::chrono::steady_clock::time_point()) return -1;
    const auto time = std::chrono::steady_clock::now() - begin_;
    return std::chrono::duration_cast<std::chrono::nanoseconds>(time).count();
  }

  void complete(bool) override {
    ByteBuffer response(std::exchange(response_, nullptr));
    const CTriton_Status status = context_.status();
    // A message belongs to success only, and success needs one.
    if (status.code != GRPC_STATUS_OK) {
      completion_(owner_, &status, &times_, nullptr);
    } else if (response == nullptr) {
      end_without_message();
    } else if (auto *message = new (std::nothrow) CTriton_Message{std::move(response)}) {
      completion_(owner_, &status, &times_, message);
    } else {
      end_without_memory();
    }
    release();
  }

  void end_without_message() {
    static const char text[] = "the server ended the call with OK and without an answer";
    end(GRPC_STATUS_INTERNAL, text, sizeof(text) - 1);
  }

  void end_without_memory() {
    static const char text[] = "no memory left for the received message";
    end(GRPC_STATUS_RESOURCE_EXHAUSTED, text, sizeof(text) - 1);
  }

  void end(grpc_status_code code, const char *text, size_t byteCount) {
    const CTriton_Status status{static_cast<int32_t>(code), text, byteCount};
    completion_(owner_, &status, &times_, nullptr);
  }

  CallContext context_;
  void *const owner_;
  const CTriton_UnaryCompletion completion_;
  ByteBuffer request_;
  grpc_byte_buffer *response_ = nullptr;
  std::chrono::steady_clock::time_point begin_;
  CTriton_CallTimes times_{-1, -1};
  Part sending_{*this, &CTriton_Call::sent};
  Part answering_{*this, &CTriton_Call::answered};
  /// The handle, the part that sends and the one that ends the call.
  std::atomic<int> references_{3};
};

void Part::complete(bool) {
  (call_.*handler_)();
  call_.release();
}

CTriton_Call *CTriton_call_start_unary(
    CTriton_Channel *channel, const CTriton_CallDescription *description,
    const CTriton_OutgoingSlice *slices, size_t sliceCount, void *context,
    CTriton_UnaryCompletion completion) {
  // First of all, so that every path from here on releases the slices.
  ByteBuffer request = outgoing_message(slices, sliceCount);
  try {
    auto *call = new CTriton_Call(*channel, *description, context, completion);
    call->start(std::move(request), description->isTimed);
    return call;
  } catch (...) {
    return nullptr;
  }
}

void CTriton_call_cancel(CTriton_Call *call) { call->cancel(); }

void CTriton_call_destroy(CTriton_Call *call) { call->release(); }
