// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#include "Call.hpp"

Values values_of_headers(const grpc::GenericCallbackServerContext &context) {
  const auto &headers = context.client_metadata();
  const auto found = headers.find("fault");
  if (found == headers.end()) return Values();
  Values values = Values::from_header(std::string(found->second.data(), found->second.size()));
  values.check_names();
  return values;
}

std::optional<grpc::Status> status_asked_for(const Values &values, int64_t attempt) {
  const auto code = values.number("code");
  if (!code || attempt > values.number("failures", INT64_MAX)) return std::nullopt;
  std::string message = values.has("message_hex") ? values.hex("message_hex") : values.text("message");
  message.append(static_cast<size_t>(values.number("message_byte_count", 0)), 'x');
  return grpc::Status(static_cast<grpc::StatusCode>(*code), message);
}

void decorate(grpc::GenericCallbackServerContext &context, const Values &values) {
  if (values.has("pushback_ms")) {
    context.AddTrailingMetadata("grpc-retry-pushback-ms", values.text("pushback_ms"));
  }
  const std::string compression = values.text("compression", "none");
  if (compression == "gzip") {
    context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
  } else if (compression == "deflate") {
    context.set_compression_algorithm(GRPC_COMPRESS_DEFLATE);
  } else if (compression != "none") {
    throw BadRequest("no compression is called " + compression);
  }
}

grpc::ByteBuffer message_of(std::string bytes) {
  auto *owner = new std::string(std::move(bytes));
  const grpc::Slice slice(
      owner->data(), owner->size(), [](void *string) { delete static_cast<std::string *>(string); }, owner);
  return grpc::ByteBuffer(&slice, 1);
}
