// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#include "TypedContents.hpp"

#include <cstring>
#include <string>

#include "Values.hpp"
#include "grpc_service.pb.h"

namespace {

/// Calls `body` with each element of a tensor's raw bytes.
template <class Element, class Body>
void for_each_element(const std::string &bytes, Body body) {
  for (size_t offset = 0; offset + sizeof(Element) <= bytes.size(); offset += sizeof(Element)) {
    Element element;
    std::memcpy(&element, bytes.data() + offset, sizeof element);
    body(element);
  }
}

/// Byte strings are preceded by their lengths.
template <class Body>
void for_each_byte_string(const std::string &bytes, Body body) {
  for (size_t offset = 0; offset + 4 <= bytes.size();) {
    uint32_t length;
    std::memcpy(&length, bytes.data() + offset, 4);
    body(bytes.substr(offset + 4, length));
    offset += 4 + length;
  }
}

void move(const std::string &type, const std::string &bytes, inference::InferTensorContents &contents) {
  const auto add_int = [&](auto element) { contents.add_int_contents(element); };
  const auto add_uint = [&](auto element) { contents.add_uint_contents(element); };
  if (type == "BOOL") {
    for_each_element<char>(bytes, [&](char element) { contents.add_bool_contents(element != 0); });
  } else if (type == "INT8") {
    for_each_element<int8_t>(bytes, add_int);
  } else if (type == "INT16") {
    for_each_element<int16_t>(bytes, add_int);
  } else if (type == "INT32") {
    for_each_element<int32_t>(bytes, add_int);
  } else if (type == "INT64") {
    for_each_element<int64_t>(bytes, [&](int64_t element) { contents.add_int64_contents(element); });
  } else if (type == "UINT8") {
    for_each_element<uint8_t>(bytes, add_uint);
  } else if (type == "UINT16") {
    for_each_element<uint16_t>(bytes, add_uint);
  } else if (type == "UINT32") {
    for_each_element<uint32_t>(bytes, add_uint);
  } else if (type == "UINT64") {
    for_each_element<uint64_t>(bytes, [&](uint64_t element) { contents.add_uint64_contents(element); });
  } else if (type == "FP32") {
    for_each_element<float>(bytes, [&](float element) { contents.add_fp32_contents(element); });
  } else if (type == "FP64") {
    for_each_element<double>(bytes, [&](double element) { contents.add_fp64_contents(element); });
  } else if (type == "BYTES") {
    for_each_byte_string(bytes, [&](const std::string &element) { contents.add_bytes_contents(element); });
  } else {
    throw BadRequest("the protocol has no typed contents for " + type);
  }
}

}  // namespace

void move_to_typed_contents(inference::ModelInferResponse &response) {
  for (int index = 0; index < response.outputs_size(); ++index) {
    auto &output = *response.mutable_outputs(index);
    move(output.datatype(), response.raw_output_contents(index), *output.mutable_contents());
  }
  response.clear_raw_output_contents();
}
