// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#include <cstring>

#include "CTritonTransport.h"

namespace {

uint32_t bits(float value) {
  uint32_t result;
  std::memcpy(&result, &value, sizeof result);
  return result;
}

float number(uint32_t bits) {
  float result;
  std::memcpy(&result, &bits, sizeof result);
  return result;
}

// Each conversion computes every case and selects one, without a branch: so the loops become vector code.

/// IEEE 754 binary32 to binary16, to nearest, ties to even.
uint16_t half_from_float(float value) {
  const uint32_t all = bits(value);
  const uint32_t sign = (all >> 16) & 0x8000u;
  const uint32_t magnitude = all & 0x7FFFFFFFu;

  // Numbers of 2⁻¹⁴ and more: move the exponent's zero from 127 to 15 and round the 13 bits that go. A carry
  // out of the mantissa makes the next power of two, or infinity, which is what rounding asks for.
  const uint32_t odd = (magnitude >> 13) & 1u;
  const uint32_t normal = (magnitude - (112u << 23) + 0xFFFu + odd) >> 13;

  // Smaller ones: adding 0.5, whose last bit is worth 2⁻²⁴ like a subnormal half's, has the hardware round.
  const uint32_t subnormal = bits(number(magnitude) + 0.5f) - bits(0.5f);

  // 65536 and more do not fit; a NaN keeps the upper bits of its payload and becomes quiet.
  const uint32_t special = magnitude > 0x7F800000u ? 0x7E00u | ((magnitude >> 13) & 0x3FFu) : 0x7C00u;

  uint32_t result = magnitude < (113u << 23) ? subnormal : normal;
  result = magnitude >= 0x47800000u ? special : result;
  return static_cast<uint16_t>(sign | result);
}

/// IEEE 754 binary16 to binary32; every value is exact.
float float_from_half(uint16_t half) {
  const uint32_t magnitude = (half & 0x7FFFu) << 13;
  // Read as a binary32 the exponent is 112 too small; multiplying by 2¹¹² sets that right, for subnormals too.
  const uint32_t finite = bits(number(magnitude) * number((127u + 112u) << 23));
  const uint32_t special = 0x7F800000u | magnitude | (magnitude > 0x0F800000u ? 0x400000u : 0u);
  const uint32_t sign = static_cast<uint32_t>(half & 0x8000u) << 16;
  return number(sign | (magnitude >= 0x0F800000u ? special : finite));
}

/// The upper half of a binary32, to nearest, ties to even.
uint16_t bfloat_from_float(float value) {
  const uint32_t all = bits(value);
  const uint32_t odd = (all >> 16) & 1u;
  const uint32_t rounded = (all + 0x7FFFu + odd) >> 16;
  const uint32_t quiet = (all >> 16) | 0x40u;
  return static_cast<uint16_t>((all & 0x7FFFFFFFu) > 0x7F800000u ? quiet : rounded);
}

}  // namespace

void CTriton_fp16_from_float(const float *source, void *destination, size_t count) {
  auto *output = static_cast<unsigned char *>(destination);
  for (size_t index = 0; index < count; ++index) {
    const uint16_t value = half_from_float(source[index]);
    std::memcpy(output + 2 * index, &value, 2);
  }
}

void CTriton_float_from_fp16(const void *source, float *destination, size_t count) {
  const auto *input = static_cast<const unsigned char *>(source);
  for (size_t index = 0; index < count; ++index) {
    uint16_t value;
    std::memcpy(&value, input + 2 * index, 2);
    destination[index] = float_from_half(value);
  }
}

void CTriton_bf16_from_float(const float *source, void *destination, size_t count) {
  auto *output = static_cast<unsigned char *>(destination);
  for (size_t index = 0; index < count; ++index) {
    const uint16_t value = bfloat_from_float(source[index]);
    std::memcpy(output + 2 * index, &value, 2);
  }
}

void CTriton_float_from_bf16(const void *source, float *destination, size_t count) {
  const auto *input = static_cast<const unsigned char *>(source);
  for (size_t index = 0; index < count; ++index) {
    uint16_t value;
    std::memcpy(&value, input + 2 * index, 2);
    destination[index] = number(static_cast<uint32_t>(value) << 16);
  }
}
