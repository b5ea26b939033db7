// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#include "Records.hpp"

CallRecord::CallRecord(Ledger &ledger, std::shared_ptr<ChannelRecord> channel, uint8_t reaction)
    : ledger_(ledger), loop_(channel->loop), reaction_(reaction), channel_(std::move(channel)) {}

CallRecord::~CallRecord() {
  destroy();
  if (kept_ != nullptr) CTriton_message_destroy(kept_);
}

std::unique_lock<std::mutex> CallRecord::guard() {
  return (reaction_ & (destroysItself | cancelsItself)) != 0 ? std::unique_lock<std::mutex>(mutex_)
                                                              : std::unique_lock<std::mutex>();
}

void CallRecord::start(const Description &description, const CTriton_OutgoingSlice *slices, size_t count,
                       const std::string &whole) {
  method_ = description.method;
  isTimed_ = description.get().isTimed;
  sent_ = whole;
  ledger_.owe(Debt::completion);
  std::shared_ptr<ChannelRecord> channel = channel_;
  if ((reaction_ & callsAgain) == 0) channel_.reset();
  CTriton_Call *handle =
      CTriton_call_start_unary(channel->handle, &description.get(), slices, count, this, complete);
  if (handle == nullptr) fail("no call was started");
  const auto lock = guard();
  if (isDestructionDue_) {
    // The completion came first.
    CTriton_call_destroy(handle);
  } else {
    handle_ = handle;
  }
}

void CallRecord::cancel() {
  const auto lock = guard();
  if (handle_ != nullptr) CTriton_call_cancel(handle_);
}

void CallRecord::destroy() {
  const auto lock = guard();
  if (handle_ != nullptr) CTriton_call_destroy(handle_);
  handle_ = nullptr;
}

void CallRecord::complete(void *context, const CTriton_Status *status, const CTriton_CallTimes *times,
                          CTriton_Message *message) {
  auto *call = static_cast<CallRecord *>(context);
  call->loop_.check_thread();
  call->check(*status, *times, message);
  if ((call->reaction_ & keepsMessage) != 0) {
    call->kept_ = message;
  } else if (message != nullptr) {
    CTriton_message_destroy(message);
  }
  call->react();
  // The last use of the record.
  call->ledger_.pay(Debt::completion);
}

void CallRecord::check(const CTriton_Status &status, const CTriton_CallTimes &times,
                       CTriton_Message *message) const {
  const std::string text(status.message, status.messageByteCount);
  if ((status.code == 0) != (message != nullptr)) fail("an answer without success, or success without an answer");
  if (status.code < 0 || status.code > 16) fail("a status that does not exist: " + text);
  check_pushback(status);
  for (const int64_t time : {times.sent, times.answered}) {
    if (time >= 0 && !isTimed_) fail("a time that nobody asked for");
  }
  if (message == nullptr) return;
  if (method_ == "/fuzz/Fail" || method_ == "/fuzz/Nothing" || method_ == "/fuzz/Unknown") {
    fail(method_ + " succeeded");
  }
  if (bytes_of(message) != sent_) fail("the answer is not what was sent");
}

void CallRecord::react() {
  if ((reaction_ & callsAgain) != 0) {
    loop_.if_running([this] {
      // A handle that stays would keep the channel, and with it its watches.
      next_ = std::make_unique<CallRecord>(ledger_, channel_, destroysItself);
      next_->start(Description(), nullptr, 0, "");
    });
    channel_.reset();
  }
  const auto lock = guard();
  if ((reaction_ & cancelsItself) != 0 && handle_ != nullptr) CTriton_call_cancel(handle_);
  if ((reaction_ & destroysItself) != 0) {
    isDestructionDue_ = true;
    if (handle_ != nullptr) CTriton_call_destroy(handle_);
    handle_ = nullptr;
  }
}
