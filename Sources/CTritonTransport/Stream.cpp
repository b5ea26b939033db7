// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#include <memory>
#include <mutex>
#include <string>

#include "CallContext.hpp"
#include "Channel.hpp"
#include "Message.hpp"

namespace {

/// The stream as gRPC sees it. It keeps itself alive from its start to `OnDone`, the handle keeps it beyond.
///
/// Reads and writes come from outside gRPC's own callbacks, which needs a hold: as long as there is one, the
/// stream does not end. It is given up when a read has found the end or the owner cancels; from then on nothing
/// may be started.
class StreamState final : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  StreamState(void *context, const CTriton_StreamEvents &events) : owner_(context), events_(events) {}

  void start(grpc::GenericStub &stub, const CTriton_CallDescription &description,
             std::shared_ptr<StreamState> self) {
    describe(context_, description);
    self_ = std::move(self);
    stub.PrepareBidiStreamingCall(&context_, description.method, grpc::StubOptions(), this);
    AddHold();
    StartCall();
  }

  bool read() {
    std::lock_guard<std::mutex> lock(mutex_);
    if (!held_) return false;
    StartRead(&incoming_);
    return true;
  }

  bool write(grpc::ByteBuffer message) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (!held_ || writingFinished_) return false;
    outgoing_.Swap(&message);
    StartWrite(&outgoing_);
    return true;
  }

  void finish_writing() {
    std::lock_guard<std::mutex> lock(mutex_);
    if (!held_ || writingFinished_) return;
    writingFinished_ = true;
    StartWritesDone();
  }

  void cancel() {
    context_.TryCancel();
    release_hold();
  }

  void OnReadDone(bool ok) override {
    if (!ok) release_hold();
    grpc::Status status;
    auto message = ok ? received_message(incoming_, status) : nullptr;
    // A message that cannot be kept ends the stream as if it were lost.
    if (ok && message == nullptr) cancel();
    events_.onRead(owner_, message.release());
  }

  void OnWriteDone(bool ok) override {
    outgoing_.Clear();
    if (!ok) {
      // What the server sent before it ended the stream can still be read; the read that finds nothing more
      // gives up the hold.
      std::lock_guard<std::mutex> lock(mutex_);
      writingFinished_ = true;
    }
    events_.onWrite(owner_, ok);
  }

  void OnDone(const grpc::Status &status) override {
    const std::shared_ptr<StreamState> keep = std::move(self_);
    const std::string text = status.error_message();
    const CTriton_Status ended = ended_with(status, text);
    events_.onEnd(owner_, &ended);
  }

 private:
  void release_hold() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      if (!held_) return;
      held_ = false;
    }
    RemoveHold();
  }

  void *const owner_;
  const CTriton_StreamEvents events_;
  grpc::ClientContext context_;
  grpc::ByteBuffer incoming_, outgoing_;
  std::shared_ptr<StreamState> self_;
  std::mutex mutex_;
  bool held_ = true;
  bool writingFinished_ = false;
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
    starting.start(channel->stub, *description, std::move(state));
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
