// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#include "HalfPrecisionCheck.hpp"

#include <cmath>
#include <cstring>
#include <memory>
#include <vector>

#include "CTritonTransport.h"

namespace {

float number(uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

uint32_t bits(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

/// The value of a number of a small format, by the definition; exact.
double value_of(uint16_t small, int exponentBits) {
  const int fractionBits = 15 - exponentBits;
  const int bias = (1 << (exponentBits - 1)) - 1;
  const int exponent = (small & 0x7FFF) >> fractionBits;
  const double fraction = std::ldexp(small & ((1 << fractionBits) - 1), -fractionBits);
  double magnitude;
  if (exponent == (1 << exponentBits) - 1) {
    magnitude = fraction == 0 ? INFINITY : NAN;
  } else if (exponent == 0) {
    magnitude = std::ldexp(fraction, 1 - bias);
  } else {
    magnitude = std::ldexp(1 + fraction, exponent - bias);
  }
  return (small & 0x8000) != 0 ? -magnitude : magnitude;
}

/// Whether no number of the format is nearer to `value`, and of two that are equally near this is the even one.
bool is_nearest(uint16_t small, float value, int exponentBits) {
  const double got = value_of(small, exponentBits);
  if (std::isnan(value)) return std::isnan(got);
  if (std::isnan(got) || std::signbit(value) != ((small & 0x8000) != 0)) return false;
  const int fractionBits = 15 - exponentBits;
  const uint16_t infinity = static_cast<uint16_t>(((1 << exponentBits) - 1) << fractionBits);
  // Infinity is where the next number after the largest would be, as far as rounding goes.
  const auto place = [&](uint16_t magnitude) {
    const int bias = (1 << (exponentBits - 1)) - 1;
    return magnitude == infinity ? std::ldexp(1.0, bias + 1) : value_of(magnitude, exponentBits);
  };
  const uint16_t magnitude = small & 0x7FFF;
  const double wanted = std::fabs(static_cast<double>(value));
  if (std::isinf(value)) return magnitude == infinity;
  const double error = std::fabs(place(magnitude) - wanted);
  for (int step : {-1, 1}) {
    const int neighbour = magnitude + step;
    if (neighbour < 0 || neighbour > infinity) continue;
    const double other = std::fabs(place(static_cast<uint16_t>(neighbour)) - wanted);
    if (other < error || (other == error && (magnitude & 1) != 0)) return false;
  }
  // Beyond the largest number's neighbour everything is infinity.
  return magnitude == infinity ? wanted >= (place(infinity - 1) + place(infinity)) / 2 : true;
}

struct Format {
  int exponentBits;
  void (*fromFloat)(const float *, void *, size_t);
  void (*toFloat)(const void *, float *, size_t);
};

constexpr Format formats[] = {
    {5, CTriton_fp16_from_float, CTriton_float_from_fp16},
    {8, CTriton_bf16_from_float, CTriton_float_from_bf16},
};

uint32_t next_word(Program &program) {
  uint32_t word = 0;
  for (int index = 0; index < 4; ++index) word = word << 8 | program.next();
  return word;
}

/// Exactly `byteCount` bytes from an address that is `offset` beyond an aligned one.
struct Misaligned {
  Misaligned(size_t offset, size_t byteCount) : memory(new char[offset + byteCount]), bytes(memory.get() + offset) {}
  std::unique_ptr<char[]> memory;
  char *bytes;
};

}  // namespace

void check_conversion_to_half(Program &program) {
  const size_t offset = program.below(16);
  const size_t count = program.below(24);
  const uint32_t pattern = next_word(program);
  std::vector<float> source(count);
  for (size_t index = 0; index < count; ++index) {
    source[index] = number(pattern + static_cast<uint32_t>(index) * 0x9E3779B9u * (index % 3));
  }
  for (const Format &format : formats) {
    Misaligned destination(offset, count * 2);
    format.fromFloat(source.data(), destination.bytes, count);
    for (size_t index = 0; index < count; ++index) {
      uint16_t small;
      std::memcpy(&small, destination.bytes + 2 * index, 2);
      if (!is_nearest(small, source[index], format.exponentBits)) {
        fail("the number with the bits " + std::to_string(bits(source[index])) + " became " + std::to_string(small));
      }
    }
  }
}

void check_conversion_from_half(Program &program) {
  const size_t offset = program.below(16);
  const size_t count = program.below(24);
  const uint32_t pattern = next_word(program);
  Misaligned source(offset, count * 2);
  for (size_t index = 0; index < count; ++index) {
    const uint16_t small = static_cast<uint16_t>(pattern + index * 0x9E37u);
    std::memcpy(source.bytes + 2 * index, &small, 2);
  }
  for (const Format &format : formats) {
    std::unique_ptr<float[]> destination(new float[count]);
    format.toFloat(source.bytes, destination.get(), count);
    for (size_t index = 0; index < count; ++index) {
      uint16_t small;
      std::memcpy(&small, source.bytes + 2 * index, 2);
      const double wanted = value_of(small, format.exponentBits);
      const float got = destination[index];
      const bool isSame = std::isnan(wanted) ? std::isnan(got)
                                             : got == wanted && std::signbit(got) == std::signbit(wanted);
      if (!isSame) fail("the number " + std::to_string(small) + " became one with the bits " + std::to_string(bits(got)));
    }
  }
}
