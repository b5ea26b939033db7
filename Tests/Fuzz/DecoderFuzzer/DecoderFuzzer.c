// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

// libFuzzer's target for the response decoder. It is in C because libFuzzer brings the program's `main`, for which
// SwiftPM has no room in an executable written in Swift.

#include <stddef.h>
#include <stdint.h>

/// DecoderCheck/LibFuzzer.swift
void decoder_check(const uint8_t *bytes, ptrdiff_t count);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
  decoder_check(bytes, (ptrdiff_t)count);
  return 0;
}
