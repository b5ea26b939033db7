// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "CallContext.hpp"
#include "Channel.hpp"
#include "Message.hpp"

namespace {

class StreamState;

/// One kind of operation of a stream, as its tag on the loop's completion queue.
class Operation final : public Completion {
 public:
  using Handler = void (StreamState::*)(bool ok);

  Operation(StreamState &stream, Handler handler) : stream_(stream), handler_(handler) {}

  void complete(bool ok) override { (stream_.*handler_)(ok); }

  void *tag() { return static_cast<Completion *>(this); }

  /// Whether it is under way.
  bool isPending = false;

 private:
  StreamState &stream_;
  const Handler handler_;
};

/// The stream as gRPC sees it. It keeps itself alive until its last operation has ended, the handle keeps it
/// beyond.
class StreamState final {
 public:
  StreamState(void *owner, const CTriton_StreamEvents &events) : owner_(owner), events_(events) {}

  void start(CTriton_Channel &channel, const CTriton_CallDescription &description,
             std::shared_ptr<StreamState> self) {
    describe(context_, description);
    self_ = std::move(self);
    std::lock_guard<std::mutex> lock(mutex_);
    call_ = channel.stub.PrepareCall(&context_, description.method, channel.loop->queue());
    start_.isPending = true;
    call_->StartCall(start_.tag());
    // Asked for now, known when the stream has ended and what it brought has been read.
    status_.isPending = true;
    call_->Finish(&ended_, status_.tag());
  }

  bool read() {
    std::lock_guard<std::mutex> lock(mutex_);
    if (!status_.isPending) return false;
    read_.isPending = true;
    call_->Read(&incoming_, read_.tag());
    return true;
  }

  bool write(grpc::ByteBuffer message) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (!status_.isPending || isWritingFinished_) return false;
    outgoing_.Swap(&message);
    write_.isPending = true;
    if (!start_.isPending) call_->Write(outgoing_, write_.tag());
    return true;
  }

  void finish_writing() {
    std::lock_guard<std::mutex> lock(mutex_);
    if (!status_.isPending || isWritingFinished_) return;
    isWritingFinished_ = true;
    writesDone_.isPending = true;
    if (!start_.isPending) call_->WritesDone(writesDone_.tag());
  }

  void cancel() { context_.TryCancel(); }

 private:
  /// What was to be sent while the call was starting can be sent now.
  void started(bool) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      start_.isPending = false;
      if (write_.isPending) call_->Write(outgoing_, write_.tag());
      if (writesDone_.isPending) call_->WritesDone(writesDone_.tag());
    }
    leave();
  }

  void was_read(bool ok) {
    grpc::Status status;
    auto message = ok ? received_message(incoming_, status) : nullptr;
    // A message that cannot be kept ends the stream as if it were lost.
    if (ok && message == nullptr) cancel();
    // Before the event, because it may ask for the next one.
    ended(read_);
    events_.onRead(owner_, message.release());
    leave();
  }

  void was_written(bool ok) {
    outgoing_.Clear();
    ended(write_);
    events_.onWrite(owner_, ok);
    leave();
  }

  void finished_writing(bool) {
    ended(writesDone_);
    leave();
  }

  void got_status(bool) {
    ended(status_);
    leave();
  }

  void ended(Operation &operation) {
    std::lock_guard<std::mutex> lock(mutex_);
    operation.isPending = false;
  }

  /// Tells the end after the last operation; nothing of this object may be used after it.
  void leave() {
    std::shared_ptr<StreamState> keep;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      for (const Operation *operation : {&start_, &read_, &write_, &writesDone_, &status_}) {
        if (operation->isPending) return;
      }
      keep = std::move(self_);
    }
    const std::string text = ended_.error_message();
    const CTriton_Status status = ended_with(ended_, text);
    events_.onEnd(owner_, &status);
  }

  void *const owner_;
  const CTriton_StreamEvents events_;
  grpc::ClientContext context_;
  grpc::ByteBuffer incoming_, outgoing_;
  grpc::Status ended_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
  std::shared_ptr<StreamState> self_;

  std::mutex mutex_;
  Operation start_{*this, &StreamState::started};
  Operation read_{*this, &StreamState::was_read};
  Operation write_{*this, &StreamState::was_written};
  Operation writesDone_{*this, &StreamState::finished_writing};
  /// Under way as long as the stream is: nothing may be started after it.
  Operation status_{*this, &StreamState::got_status};
  bool isWritingFinished_ = false;
};

}  // namespace

struct CTriton_Stream {
  std::shared_ptr<StreamState> state;
};

CTriton_Stream *CTriton_stream_start(
    CTriton_Channel *channel, const CTriton_CallDescription *description, void *context,
    const CTriton_StreamEvents *events) {
  try {
    auto state = std::make_shared<StreamState>(context, *events);
    auto stream = std::make_unique<CTriton_Stream>(CTriton_Stream{state});
    StreamState &starting = *state;
    starting.start(*channel, *description, std::move(state));
    return stream.release();
  } catch (...) {
    return nullptr;
  }
}

bool CTriton_stream_read(CTriton_Stream *stream) { return stream->state->read(); }

bool CTriton_stream_write(CTriton_Stream *stream, const CTriton_OutgoingSlice *slices, size_t sliceCount) {
  try {
    return stream->state->write(outgoing_message(slices, sliceCount));
  } catch (...) {
    stream->state->cancel();
    return false;
  }
}

void CTriton_stream_finish_writing(CTriton_Stream *stream) { stream->state->finish_writing(); }

void CTriton_stream_cancel(CTriton_Stream *stream) { stream->state->cancel(); }

void CTriton_stream_destroy(CTriton_Stream *stream) {
  stream->state->cancel();
  delete stream;
}
