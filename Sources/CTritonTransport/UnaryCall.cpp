// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#include <atomic>
#include <chrono>
#include <new>
#include <utility>

#include "CallContext.hpp"
#include "Message.hpp"

namespace {

/// An operation whose end is a moment worth knowing.
class Moment final : public Completion {
 public:
  explicit Moment(CTriton_Call &call) : call_(call) {}

  void complete(bool) override;

 private:
  CTriton_Call &call_;
};

}  // namespace

/// One call. It belongs to gRPC, until it has ended, and to the owner of the handle: so cancelling is safe at any
/// time.
struct CTriton_Call final : private Completion {
 public:
  CTriton_Call(const CTriton_Channel &channel, const CTriton_CallDescription &description, void *owner,
               CTriton_UnaryCompletion completion)
      : context_(channel.channel, description), owner_(owner), completion_(completion) {}

  void start(ByteBuffer request) {
    request_ = std::move(request);
    context_.start(
        {context_.send_headers(), send_message(request_.get()),
         operation_of(GRPC_OP_SEND_CLOSE_FROM_CLIENT), context_.receive_headers(),
         receive_message(&response_), context_.receive_status()},
        *this);
  }

  /// The same in three parts, whose ends are told apart.
  void start_timed(ByteBuffer request) {
    request_ = std::move(request);
    pending_ = 3;
    begin_ = std::chrono::steady_clock::now();
    context_.start(
        {context_.send_headers(), send_message(request_.get()),
         operation_of(GRPC_OP_SEND_CLOSE_FROM_CLIENT)},
        sent_);
    context_.start({context_.receive_headers()}, answered_);
    context_.start({receive_message(&response_), context_.receive_status()}, *this);
  }

  /// One of the operations before the last has ended; on the loop's thread.
  void reached(const Moment &moment) {
    const auto elapsed = std::chrono::steady_clock::now() - begin_;
    const int64_t nanoseconds = std::chrono::duration_cast<std::chrono::nanoseconds>(elapsed).count();
    (&moment == &sent_ ? times_.sent : times_.answered) = nanoseconds;
    complete(true);
  }

  void cancel() { context_.cancel(); }

  void release() {
    if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
  }

 private:
  ~CTriton_Call() = default;

  void complete(bool) override {
    if (--pending_ > 0) return;
    // The request's memory goes back to its owner before the caller hears of the end.
    request_.reset();
    ByteBuffer response(response_);
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
  Moment sent_{*this}, answered_{*this};
  /// Operations under way; counted on the loop's thread.
  int pending_ = 1;
  std::atomic<int> references_{2};
};

void Moment::complete(bool) { call_.reached(*this); }

CTriton_Call *CTriton_call_start_unary(
    CTriton_Channel *channel, const CTriton_CallDescription *description,
    const CTriton_OutgoingSlice *slices, size_t sliceCount, void *context,
    CTriton_UnaryCompletion completion) {
  // First of all, so that every path from here on releases the slices.
  ByteBuffer request = outgoing_message(slices, sliceCount);
  try {
    auto *call = new CTriton_Call(*channel, *description, context, completion);
    if (description->isTimed) {
      call->start_timed(std::move(request));
    } else {
      call->start(std::move(request));
    }
    return call;
  } catch (...) {
    return nullptr;
  }
}

void CTriton_call_cancel(CTriton_Call *call) { call->cancel(); }

void CTriton_call_destroy(CTriton_Call *call) { call->release(); }
