// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "CTritonTransport.h"
#include "Ledger.hpp"

/// A message to send: slices of all kinds, each in memory of its own that is freed as soon as the contract allows,
/// so that AddressSanitizer sees every later use.
class OutgoingBytes final {
 public:
  /// Reads the number of slices, then how each is made.
  OutgoingBytes(Program &program, Ledger &ledger);

  /// Frees the memory of slices that are copied.
  ~OutgoingBytes() = default;

  OutgoingBytes(const OutgoingBytes &) = delete;
  OutgoingBytes &operator=(const OutgoingBytes &) = delete;

  /// To be handed over once: each slice with a release expects it.
  const CTriton_OutgoingSlice *slices() const { return slices_.empty() ? nullptr : slices_.data(); }
  size_t count() const { return slices_.size(); }

  /// All bytes, one after the other.
  const std::string &whole() const { return whole_; }

 private:
  void add_released(const std::string &bytes, bool isNull, Ledger &ledger);
  void add_copied(const std::string &bytes, bool isNull);

  std::vector<CTriton_OutgoingSlice> slices_;
  std::vector<std::unique_ptr<char[]>> copied_;
  std::string whole_;
};
