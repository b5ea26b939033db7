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
/// gRPC ends an operation that sends when the connection has taken its bytes, and nothing else ends it. So a call that
/// is late or was cancelled is told its end by the loop's watch if gRPC does not; what gRPC still holds, the request's
/// memory included, goes when the connection does.
struct CTriton_Call final : private Completion, private Watched {
 public:
  CTriton_Call(const CTriton_Channel &channel, const CTriton_CallDescription &description, void *owner,
               CTriton_UnaryCompletion completion)
      : context_(channel.channel, description), owner_(owner), completion_(completion) {
    set_timeout(description.timeoutNanoseconds);
  }

  void start(ByteBuffer request, bool isTimed) {
    request_ = std::move(request);
    context_.loop().watch(*this);
    if (isTimed) {
      start_in_parts();
    } else {
      context_.start(
          {context_.send_headers(), send_message(request_.get()),
           operation_of(GRPC_OP_SEND_CLOSE_FROM_CLIENT), context_.receive_headers(),
           receive_message(&response_), context_.receive_status()},
          *this);
    }
  }

  void cancel() {
    note_cancellation();
    context_.cancel();
  }

  void release() {
    if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
  }

  void sent() {
    request_.reset();
    times_.sent = elapsed();
  }

  void answered() { times_.answered = elapsed(); }

 private:
  ~CTriton_Call() = default;

  /// Sends and receives in operations whose ends are told apart.
  void start_in_parts() {
    isInParts_ = true;
    references_ += 2;
    begin_ = Clock::now();
    context_.start(
        {context_.send_headers(), send_message(request_.get()),
         operation_of(GRPC_OP_SEND_CLOSE_FROM_CLIENT)},
        sending_);
    context_.start({context_.receive_headers()}, answering_);
    context_.start({receive_message(&response_), context_.receive_status()}, *this);
  }

  int64_t elapsed() const {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - begin_).count();
  }

  void complete(bool) override {
    ByteBuffer response(std::exchange(response_, nullptr));
    if (!isTold_) {
      context_.loop().unwatch(*this);
      // The request's memory goes back to its owner before the caller hears of the end.
      if (!isInParts_) request_.reset();
      tell(std::move(response));
    }
    release();
  }

  void expire(bool wasCancelled) override {
    static const char late[] = "the time is over, and the connection takes no bytes";
    static const char cancelled[] = "cancelled while the connection takes no bytes";
    if (wasCancelled) {
      end(GRPC_STATUS_CANCELLED, cancelled, sizeof(cancelled) - 1);
    } else {
      note_cancellation();
      context_.cancel();
      end(GRPC_STATUS_DEADLINE_EXCEEDED, late, sizeof(late) - 1);
    }
  }

  void tell(ByteBuffer response) {
    const CTriton_Status status = context_.status();
    // A message belongs to success only, and success needs one.
    if (status.code != GRPC_STATUS_OK) {
      end(status);
    } else if (response == nullptr) {
      end_without_message();
    } else if (auto *message = new (std::nothrow) CTriton_Message{std::move(response)}) {
      isTold_ = true;
      completion_(owner_, &status, &times_, message);
    } else {
      end_without_memory();
    }
  }

  void end_without_message() {
    static const char text[] = "the server ended the call with OK and without an answer";
    end(GRPC_STATUS_INTERNAL, text, sizeof(text) - 1);
  }

  void end_without_memory() {
    static const char text[] = "no memory left for the received message";
    end(GRPC_STATUS_RESOURCE_EXHAUSTED, text, sizeof(text) - 1);
  }

  void end(int32_t code, const char *text, size_t byteCount) {
    end(CTriton_Status{code, text, byteCount, CTRITON_NO_PUSHBACK});
  }

  void end(const CTriton_Status &status) {
    isTold_ = true;
    completion_(owner_, &status, &times_, nullptr);
  }

  CallContext context_;
  void *const owner_;
  const CTriton_UnaryCompletion completion_;
  ByteBuffer request_;
  grpc_byte_buffer *response_ = nullptr;
  Clock::time_point begin_;
  CTriton_CallTimes times_{-1, -1};
  Part sending_{*this, &CTriton_Call::sent};
  Part answering_{*this, &CTriton_Call::answered};
  /// The handle and each operation.
  std::atomic<int> references_{2};
  /// Whether the owner knows the end. Used on the loop's thread.
  bool isTold_ = false;
  bool isInParts_ = false;
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
