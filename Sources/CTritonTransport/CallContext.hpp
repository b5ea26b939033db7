// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#ifndef CTRITON_CALL_CONTEXT_HPP
#define CTRITON_CALL_CONTEXT_HPP

#include <grpc/grpc.h>

#include <initializer_list>
#include <memory>
#include <vector>

#include "CTritonTransport.h"
#include "Channel.hpp"

/// A call of gRPC's core with what it takes and gives besides messages: the request's headers, the answer's, and the
/// status.
class CallContext final {
 public:
  CallContext(std::shared_ptr<Channel> channel, const CTriton_CallDescription &description);
  ~CallContext();

  CallContext(const CallContext &) = delete;
  CallContext &operator=(const CallContext &) = delete;

  /// Starts operations, whose end `completion` is told.
  void start(std::initializer_list<grpc_op> operations, Completion &completion);

  /// The operations that every call has.
  grpc_op send_headers();
  grpc_op receive_headers();
  grpc_op receive_status();

  /// How the call ended; valid once the status has been received, as long as the call is.
  CTriton_Status status() const;

  void cancel() { grpc_call_cancel(call_, nullptr); }

  Loop &loop() { return channel_->loop(); }

 private:
  void add_header(grpc_slice key, grpc_slice value);

  const std::shared_ptr<Channel> channel_;
  grpc_call *const call_;
  std::vector<grpc_metadata> headers_;
  grpc_metadata_array answerHeaders_;
  grpc_metadata_array trailers_;
  grpc_status_code code_ = GRPC_STATUS_UNKNOWN;
  grpc_slice text_ = grpc_empty_slice();
};

/// An operation of one kind.
grpc_op operation_of(grpc_op_type type);
grpc_op send_message(grpc_byte_buffer *message);
grpc_op receive_message(grpc_byte_buffer **message);

#endif  // CTRITON_CALL_CONTEXT_HPP
