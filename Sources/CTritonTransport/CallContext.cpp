// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#include "CallContext.hpp"

#include <grpc/compression.h>

#include <charconv>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <system_error>
#include <utility>

namespace {

static_assert(static_cast<int>(CTriton_Compression_none) == GRPC_COMPRESS_NONE, "the same numbers");
static_assert(static_cast<int>(CTriton_Compression_deflate) == GRPC_COMPRESS_DEFLATE, "the same numbers");
static_assert(static_cast<int>(CTriton_Compression_gzip) == GRPC_COMPRESS_GZIP, "the same numbers");

grpc_slice name_of(CTriton_Compression compression) {
  const char *name = "identity";
  grpc_compression_algorithm_name(static_cast<grpc_compression_algorithm>(compression), &name);
  return grpc_slice_from_static_string(name);
}

std::string_view text_of(const grpc_slice &slice) {
  return {reinterpret_cast<const char *>(GRPC_SLICE_START_PTR(slice)), GRPC_SLICE_LENGTH(slice)};
}

/// What a server said about another attempt; gRFC A6 has 32 bits for it.
int64_t pushback_in(const grpc_metadata_array &trailers) {
  for (size_t index = 0; index < trailers.count; ++index) {
    const grpc_metadata &trailer = trailers.metadata[index];
    if (text_of(trailer.key) != "grpc-retry-pushback-ms") continue;
    const std::string_view value = text_of(trailer.value);
    int32_t milliseconds = 0;
    const auto [rest, error] = std::from_chars(value.data(), value.data() + value.size(), milliseconds);
    const bool isNumber = error == std::errc() && rest == value.data() + value.size();
    return isNumber && milliseconds >= 0 ? milliseconds : -1;
  }
  return CTRITON_NO_PUSHBACK;
}

}  // namespace

CallContext::CallContext(std::shared_ptr<Channel> channel, const CTriton_CallDescription &description)
    : channel_(std::move(channel)), call_(channel_->create_call(description)) {
  grpc_metadata_array_init(&answerHeaders_);
  grpc_metadata_array_init(&trailers_);
  for (size_t index = 0; index < description.headerCount; ++index) {
    const CTriton_Header &header = description.headers[index];
    add_header(grpc_slice_from_copied_string(header.key), grpc_slice_from_copied_string(header.value));
  }
  if (description.compression != CTriton_Compression_none) {
    add_header(
        grpc_slice_from_static_string(GRPC_COMPRESSION_REQUEST_ALGORITHM_MD_KEY),
        name_of(description.compression));
  }
}

CallContext::~CallContext() {
  for (const grpc_metadata &header : headers_) {
    grpc_slice_unref(header.key);
    grpc_slice_unref(header.value);
  }
  grpc_metadata_array_destroy(&answerHeaders_);
  grpc_metadata_array_destroy(&trailers_);
  grpc_slice_unref(text_);
  grpc_call_unref(call_);
}

void CallContext::add_header(grpc_slice key, grpc_slice value) {
  grpc_metadata header{};
  header.key = key;
  header.value = value;
  headers_.push_back(header);
}

void CallContext::start(std::initializer_list<grpc_op> operations, Completion &completion) {
  const grpc_call_error error =
      grpc_call_start_batch(call_, operations.begin(), operations.size(), completion.tag(), nullptr);
  // Every error is a misuse: an operation that is under way already, or an impossible header.
  if (error != GRPC_CALL_OK) std::abort();
}

grpc_op CallContext::send_headers() {
  grpc_op operation = operation_of(GRPC_OP_SEND_INITIAL_METADATA);
  operation.data.send_initial_metadata.count = headers_.size();
  operation.data.send_initial_metadata.metadata = headers_.data();
  return operation;
}

grpc_op CallContext::receive_headers() {
  grpc_op operation = operation_of(GRPC_OP_RECV_INITIAL_METADATA);
  operation.data.recv_initial_metadata.recv_initial_metadata = &answerHeaders_;
  return operation;
}

grpc_op CallContext::receive_status() {
  grpc_op operation = operation_of(GRPC_OP_RECV_STATUS_ON_CLIENT);
  operation.data.recv_status_on_client.trailing_metadata = &trailers_;
  operation.data.recv_status_on_client.status = &code_;
  operation.data.recv_status_on_client.status_details = &text_;
  return operation;
}

CTriton_Status CallContext::status() const {
  // A server may send any number, which the enumeration then holds.
  static_assert(sizeof code_ == sizeof(int32_t), "the same bytes");
  int32_t code = 0;
  std::memcpy(&code, &code_, sizeof code);
  const std::string_view text = text_of(text_);
  const int64_t pushback = code == GRPC_STATUS_OK ? CTRITON_NO_PUSHBACK : pushback_in(trailers_);
  return CTriton_Status{code, text.data(), text.size(), pushback};
}

grpc_op operation_of(grpc_op_type type) {
  grpc_op operation{};
  operation.op = type;
  return operation;
}

grpc_op send_message(grpc_byte_buffer *message) {
  grpc_op operation = operation_of(GRPC_OP_SEND_MESSAGE);
  operation.data.send_message.send_message = message;
  return operation;
}

grpc_op receive_message(grpc_byte_buffer **message) {
  grpc_op operation = operation_of(GRPC_OP_RECV_MESSAGE);
  operation.data.recv_message.recv_message = message;
  return operation;
}
