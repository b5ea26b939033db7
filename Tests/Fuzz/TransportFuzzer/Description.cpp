// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#include <climits>

#include "Records.hpp"

namespace {

constexpr const char *methods[] = {"/fuzz/Echo", "/fuzz/Fail", "/fuzz/Nothing",
                                   "/fuzz/Twice", "/fuzz/Slow", "/fuzz/Unknown"};
constexpr int64_t timeouts[] = {-1, 0, 1, 1000, 1000000, 5000000, INT64_MAX, INT64_MIN};
/// Keys of all kinds that the library lets through: those that HTTP/2 and gRPC know too.
constexpr const char *keys[] = {"a",  "x-trace",      "traceparent", "0.9_-",      "authorization", "user-agent",
                                "te", "content-type", "host",        "connection", "lb-token",      "via"};

}  // namespace

Description::Description(Program &program, bool isUnary) {
  method = methods[program.below(std::size(methods))];
  int64_t timeout = timeouts[program.below(std::size(timeouts))];
  // gRPC's core does not tell the end of a call before all messages have been taken, and a unary call takes one:
  // with a server that answers twice it ends by its deadline, or because it is cancelled.
  if (isUnary && method == "/fuzz/Twice" && (timeout < 0 || timeout == INT64_MAX)) timeout = timeouts[5];
  const uint8_t kind = program.next();
  const auto compression = static_cast<CTriton_Compression>(kind % 4 % 3);
  const bool isTimed = (kind & 4) != 0;
  const size_t count = program.below(4);
  values.reserve(count);
  for (size_t index = 0; index < count; ++index) {
    const char *key = keys[program.below(std::size(keys))];
    const uint8_t value = program.next();
    // Printable ASCII.
    values.emplace_back(value % 200, static_cast<char>(0x20 + value % 0x5F));
    headers.push_back({key, values.back().c_str()});
  }
  description = {method.c_str(), headers.data(), headers.size(), timeout, compression, isTimed};
}

Description::Description() : method(methods[0]) {
  description = {method.c_str(), nullptr, 0, -1, CTriton_Compression_none, false};
}
