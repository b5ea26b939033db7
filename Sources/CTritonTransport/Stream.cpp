// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#include <memory>
#include <mutex>
#include <new>
#include <utility>

#include "CallContext.hpp"
#include "Message.hpp"

namespace {

/// The stream as gRPC sees it. It keeps itself alive until its last operation has ended, the handle keeps it beyond.
///
/// That may be long after the stream's own end: on a connection that has stalled a write ends when the connection does.
class StreamState final : private Watched {
 public:
  StreamState(const CTriton_Channel &channel, const CTriton_CallDescription &description, void *owner,
              const CTriton_StreamEvents &events)
      : context_(channel.channel, description), owner_(owner), events_(events) {}

  void start(std::shared_ptr<StreamState> self) {
    self_ = std::move(self);
    opening_.isPending = status_.isPending = true;
    context_.start({context_.send_headers()}, opening_);
    context_.start({context_.receive_headers(), context_.receive_status()}, status_);
  }

  bool read(int64_t timeoutNanoseconds) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (!status_.isPending) return false;
    read_.isPending = true;
    set_timeout(timeoutNanoseconds);
    context_.loop().watch(*this);
    context_.start({receive_message(&incoming_)}, read_);
    return true;
  }

  bool write(ByteBuffer message) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (!status_.isPending || isWritingFinished_) return false;
    outgoing_ = std::move(message);
    write_.isPending = true;
    context_.start({send_message(outgoing_.get())}, write_);
    return true;
  }

  void finish_writing() {
    std::lock_guard<std::mutex> lock(mutex_);
    if (!status_.isPending || isWritingFinished_) return;
    isWritingFinished_ = true;
    close_.isPending = true;
    context_.start({operation_of(GRPC_OP_SEND_CLOSE_FROM_CLIENT)}, close_);
  }

  void cancel() { context_.cancel(); }

 private:
  /// One kind of operation. The mutex guards whether it is under way.
  class Operation final : public Completion {
   public:
    using Handler = void (StreamState::*)(bool ok);

    Operation(StreamState &stream, Handler handler) : stream_(stream), handler_(handler) {}

    void complete(bool ok) override {
      {
        // Before the event, because it may ask for the next operation of its kind.
        std::lock_guard<std::mutex> lock(stream_.mutex_);
        isPending = false;
      }
      if (handler_ != nullptr) (stream_.*handler_)(ok);
      stream_.leave();
    }

    bool isPending = false;

   private:
    StreamState &stream_;
    const Handler handler_;
  };

  /// No message came in time: the read ends with the stream.
  void expire(bool) override {
    isLate_ = true;
    context_.cancel();
  }

  void was_read(bool) {
    context_.loop().unwatch(*this);
    ByteBuffer buffer(std::exchange(incoming_, nullptr));
    CTriton_Message *message = nullptr;
    if (buffer != nullptr) {
      message = new (std::nothrow) CTriton_Message{std::move(buffer)};
      // A message that cannot be kept ends the stream as if it were lost.
      if (message == nullptr) cancel();
    }
    events_.onRead(owner_, message, message == nullptr && isLate_);
  }

  void was_written(bool ok) {
    {
      // The owner may learn of the end in ways that do not order its next write after this.
      ByteBuffer sent;
      std::lock_guard<std::mutex> lock(mutex_);
      std::swap(sent, outgoing_);
    }
    // Otherwise the owner has been told that it was lost.
    if (!isOver_) events_.onWrite(owner_, ok);
  }

  /// Tells the end when nothing more can be read; nothing of this object may be used after it.
  void leave() {
    std::shared_ptr<StreamState> keep;
    bool isEnd = false, losesWrite = false;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      if (!isOver_ && !status_.isPending && !read_.isPending) {
        isOver_ = isEnd = true;
        losesWrite = write_.isPending;
      }
      const bool isBusy = opening_.isPending || read_.isPending || write_.isPending || close_.isPending || status_.isPending;
      if (!isBusy) keep = std::move(self_);
    }
    if (!isEnd) return;
    const CTriton_Status status = context_.status();
    if (losesWrite) events_.onWrite(owner_, false);
    events_.onEnd(owner_, &status);
  }

  CallContext context_;
  /// What a stream does next may be asked for after the loop was stopped.
  const Loop::Hold hold_{context_.loop()};
  void *const owner_;
  const CTriton_StreamEvents events_;
  grpc_byte_buffer *incoming_ = nullptr;
  ByteBuffer outgoing_;
  std::shared_ptr<StreamState> self_;

  std::mutex mutex_;
  Operation opening_{*this, nullptr};
  Operation read_{*this, &StreamState::was_read};
  Operation write_{*this, &StreamState::was_written};
  Operation close_{*this, nullptr};
  /// Under way as long as the stream is: nothing may be started after it.
  Operation status_{*this, nullptr};
  bool isWritingFinished_ = false;
  /// Whether the owner has been told the end. Changed on the loop's thread.
  bool isOver_ = false;
  /// Whether a read took too long. Changed on the loop's thread.
  bool isLate_ = false;
};

}  // namespace

struct CTriton_Stream {
  std::shared_ptr<StreamState> state;
};

CTriton_Stream *CTriton_stream_start(
    CTriton_Channel *channel, const CTriton_CallDescription *description, void *context,
    const CTriton_StreamEvents *events) {
  try {
    auto state = std::make_shared<StreamState>(*channel, *description, context, *events);
    auto stream = std::make_unique<CTriton_Stream>(CTriton_Stream{state});
    StreamState &starting = *state;
    starting.start(std::move(state));
    return stream.release();
  } catch (...) {
    return nullptr;
  }
}

bool CTriton_stream_read(CTriton_Stream *stream, int64_t timeoutNanoseconds) {
  return stream->state->read(timeoutNanoseconds);
}

bool CTriton_stream_write(CTriton_Stream *stream, const CTriton_OutgoingSlice *slices, size_t sliceCount) {
  return stream->state->write(outgoing_message(slices, sliceCount));
}

void CTriton_stream_finish_writing(CTriton_Stream *stream) { stream->state->finish_writing(); }

void CTriton_stream_cancel(CTriton_Stream *stream) { stream->state->cancel(); }

void CTriton_stream_destroy(CTriton_Stream *stream) {
  stream->state->cancel();
  delete stream;
}
