// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

/// The bytes of an input as the operations of a program. Each operation is a byte that says which, followed by its
/// arguments, a byte each. What is missing at the end is 0.
enum class Operation : uint8_t {
  /// Arguments: none.
  startLoop,
  /// Loop.
  stopLoop,
  /// Loop.
  wakeLoop,
  /// Loop, target, largest answer and keepalive.
  createChannel,
  /// Channel.
  destroyChannel,
  /// Channel, method, timeout, compression and whether it is timed, headers, reaction, slices; then those of each header and slice.
  startCall,
  /// Call.
  cancelCall,
  /// Call.
  destroyCall,
  /// As `startCall` up to the reaction.
  startStream,
  /// Stream.
  read,
  /// Stream, slices; then those of each slice.
  write,
  /// Stream.
  finishWriting,
  /// Stream.
  cancelStream,
  /// Stream.
  destroyStream,
  /// Tenths of a millisecond, up to 15: until something happens, or less.
  wait,
  /// Offset, count, pattern.
  convertToHalf,
  /// Offset, count, pattern.
  convertFromHalf,
  /// Channel.
  connectChannel,
  /// Channel, reaction.
  watchChannel,
  last = watchChannel,
};

/// Reads a program front to back.
class Program final {
 public:
  Program(const uint8_t *bytes, size_t count) : bytes_(bytes), end_(bytes + count) {}

  bool is_over() const { return bytes_ == end_; }

  uint8_t next() { return is_over() ? 0 : *bytes_++; }

  Operation next_operation() {
    return static_cast<Operation>(next() % (static_cast<uint8_t>(Operation::last) + 1));
  }

  /// A number below `bound`.
  size_t below(size_t bound) { return next() % bound; }

 private:
  const uint8_t *bytes_;
  const uint8_t *const end_;
};

/// Ends the process over something that must not happen.
[[noreturn]] void fail(const std::string &what);
