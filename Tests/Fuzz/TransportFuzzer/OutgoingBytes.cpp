// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#include "OutgoingBytes.hpp"

#include <cstring>

namespace {

/// Memory that the shim holds until it releases it.
struct Lent {
  Ledger &ledger;
  std::unique_ptr<char[]> bytes;

  /// Freed on the first call; AddressSanitizer sees a second one.
  static void release(void *context) {
    auto *lent = static_cast<Lent *>(context);
    Ledger &ledger = lent->ledger;
    delete lent;
    ledger.pay(Debt::release);
  }
};

std::unique_ptr<char[]> memory_of(const std::string &bytes) {
  std::unique_ptr<char[]> memory(new char[bytes.size()]);
  std::memcpy(memory.get(), bytes.data(), bytes.size());
  return memory;
}

/// Lengths around those at which gRPC keeps bytes inside a slice and splits frames.
constexpr size_t lengths[] = {0, 1, 2, 5, 23, 24, 25, 255, 256, 1000, 8191, 8192, 16384, 16385, 65535, 70000};

}  // namespace

OutgoingBytes::OutgoingBytes(Program &program, Ledger &ledger) {
  const size_t count = program.below(6);
  for (size_t index = 0; index < count; ++index) {
    const uint8_t kind = program.next();
    const size_t length = lengths[kind & 15];
    std::string bytes(length, '\0');
    for (size_t place = 0; place < length; ++place) bytes[place] = static_cast<char>(place * 31 + kind + index);
    const bool isNull = length == 0 && (kind & 16) != 0;
    if ((kind & 32) != 0) {
      add_copied(bytes, isNull);
    } else {
      add_released(bytes, isNull, ledger);
    }
    whole_ += bytes;
  }
}

void OutgoingBytes::add_released(const std::string &bytes, bool isNull, Ledger &ledger) {
  auto *lent = new Lent{ledger, memory_of(bytes)};
  ledger.owe(Debt::release);
  slices_.push_back({isNull ? nullptr : lent->bytes.get(), bytes.size(), Lent::release, lent});
}

void OutgoingBytes::add_copied(const std::string &bytes, bool isNull) {
  copied_.push_back(memory_of(bytes));
  slices_.push_back({isNull ? nullptr : copied_.back().get(), bytes.size(), nullptr, nullptr});
}
