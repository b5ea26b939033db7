// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#include "Records.hpp"

namespace {

constexpr auto relaxed = std::memory_order_relaxed;

}  // namespace

StreamRecord::StreamRecord(Ledger &ledger, const std::shared_ptr<ChannelRecord> &channel,
                           const Description &description, uint8_t reaction)
    : ledger_(ledger), loop_(channel->loop), reaction_(reaction), method_(description.method) {
  static const CTriton_StreamEvents events{was_read, was_written, has_ended};
  ledger_.owe(Debt::streamEnd);
  CTriton_Stream *handle = CTriton_stream_start(channel->handle, &description.get(), this, &events);
  if (handle == nullptr) fail("no stream was started");
  const auto lock = guard();
  if (isDestructionDue_) {
    // The end came first.
    CTriton_stream_destroy(handle);
  } else {
    handle_ = handle;
  }
}

std::unique_lock<std::mutex> StreamRecord::guard() {
  return reaction_ != 0 ? std::unique_lock<std::mutex>(mutex_) : std::unique_lock<std::mutex>();
}

void StreamRecord::read() {
  const auto lock = guard();
  if (handle_ != nullptr) begin_read();
}

/// Does nothing while a read is under way.
void StreamRecord::begin_read() {
  if (isReading_.exchange(true, relaxed)) return;
  // Some reads have no limit, some one that may pass.
  const int64_t timeout = (reaction_ & cancelsAfterRead) != 0 ? -1 : 20'000'000;
  if (CTriton_stream_read(handle_, timeout)) return;
  if (!isReading_.exchange(false, relaxed)) fail("a read that was refused was answered");
}

void StreamRecord::write(const CTriton_OutgoingSlice *slices, size_t count, const std::string &whole) {
  const auto lock = guard();
  if (handle_ == nullptr || isWriting_.exchange(true, relaxed)) {
    // The contract is the shim's; what was not handed over is released here.
    for (size_t index = 0; index < count; ++index) {
      if (slices[index].release != nullptr) slices[index].release(slices[index].context);
    }
    return;
  }
  {
    std::lock_guard<std::mutex> contentsLock(contentsMutex_);
    sent_.push_back(whole);
  }
  if (CTriton_stream_write(handle_, slices, count)) {
    if (isWritingFinished_) fail("a message was sent after the last one");
    return;
  }
  if (!isWriting_.exchange(false, relaxed)) fail("a write that was refused was answered");
  std::lock_guard<std::mutex> contentsLock(contentsMutex_);
  sent_.pop_back();
}

void StreamRecord::finish_writing() {
  const auto lock = guard();
  if (handle_ == nullptr || isWriting_.load(relaxed)) return;
  isWritingFinished_ = true;
  CTriton_stream_finish_writing(handle_);
}

void StreamRecord::cancel() {
  const auto lock = guard();
  if (handle_ != nullptr) CTriton_stream_cancel(handle_);
}

void StreamRecord::destroy() {
  const auto lock = guard();
  if (handle_ != nullptr) CTriton_stream_destroy(handle_);
  handle_ = nullptr;
}

void StreamRecord::was_read(void *context, CTriton_Message *message, bool isLate) {
  if (isLate && message != nullptr) fail("a message came late and came");
  auto *stream = static_cast<StreamRecord *>(context);
  stream->loop_.check_thread();
  if (stream->hasEnded_.load(relaxed)) fail("a read was answered after the end");
  if (!stream->isReading_.exchange(false, relaxed)) fail("a read was answered that nobody asked for");
  if (message != nullptr) {
    stream->check(message);
    CTriton_message_destroy(message);
    const auto lock = stream->guard();
    if ((stream->reaction_ & cancelsAfterRead) != 0 && stream->handle_ != nullptr) {
      CTriton_stream_cancel(stream->handle_);
    }
    if ((stream->reaction_ & readsAgain) != 0 && stream->handle_ != nullptr) stream->begin_read();
  } else if ((stream->reaction_ & readsAgain) != 0 && !stream->triesAfterEnd_.exchange(true, relaxed)) {
    // Who asks once more before the end has been told gets an answer, or is told that there is none.
    const auto lock = stream->guard();
    if (stream->handle_ != nullptr) stream->begin_read();
  }
  stream->ledger_.note();
}

void StreamRecord::was_written(void *context, bool) {
  auto *stream = static_cast<StreamRecord *>(context);
  stream->loop_.check_thread();
  if (stream->hasEnded_.load(relaxed)) fail("a write was answered after the end");
  if (!stream->isWriting_.exchange(false, relaxed)) fail("a write was answered that nobody asked for");
  stream->ledger_.note();
}

void StreamRecord::has_ended(void *context, const CTriton_Status *status) {
  auto *stream = static_cast<StreamRecord *>(context);
  stream->loop_.check_thread();
  if (stream->hasEnded_.exchange(true, relaxed)) fail("a stream ended twice");
  const std::string text(status->message, status->messageByteCount);
  if (status->code < 0 || status->code > 16) fail("a status that does not exist: " + text);
  check_pushback(*status);
  if ((stream->reaction_ & destroysItselfAtEnd) != 0) {
    const auto lock = stream->guard();
    stream->isDestructionDue_ = true;
    if (stream->handle_ != nullptr) CTriton_stream_destroy(stream->handle_);
    stream->handle_ = nullptr;
  }
  // The last use of the record.
  stream->ledger_.pay(Debt::streamEnd);
}

/// Messages come back whole and in their order.
void StreamRecord::check(CTriton_Message *message) {
  const std::string bytes = bytes_of(message);
  std::lock_guard<std::mutex> lock(contentsMutex_);
  const size_t index = method_ == "/fuzz/Twice" ? received_ / 2 : received_;
  ++received_;
  if (index >= sent_.size() || sent_[index] != bytes) fail("a message of a stream is not what was sent");
}
