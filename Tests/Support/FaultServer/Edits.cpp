// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#include "Edits.hpp"

#include <algorithm>

#include "TypedContents.hpp"
#include "grpc_service.pb.h"

namespace {

template <class Tensor>
void edit_description(Tensor &tensor, const Values &values) {
  if (values.has("renamed_to")) tensor.set_name(values.text("renamed_to"));
  if (values.has("data_type")) tensor.set_datatype(values.text("data_type"));
  if (values.has("shape")) {
    tensor.clear_shape();
    for (const int64_t dimension : values.dimensions("shape")) tensor.add_shape(dimension);
  }
}

}  // namespace

void edit(inference::ModelInferResponse &response, const Values &values) {
  // First of all: the elements are those of the true type and shape.
  if (values.flag("typed_contents")) move_to_typed_contents(response);
  for (auto &output : *response.mutable_outputs()) edit_description(output, values);

  const int64_t added = values.number("added_bytes", 0);
  for (auto &contents : *response.mutable_raw_output_contents()) {
    contents.resize(static_cast<size_t>(std::max<int64_t>(0, static_cast<int64_t>(contents.size()) + added)));
  }
  for (int64_t count = values.number("added_contents", 0); count > 0; --count) {
    response.add_raw_output_contents();
  }
  for (int64_t count = values.number("added_contents", 0); count < 0; ++count) {
    if (response.raw_output_contents_size() > 0) response.mutable_raw_output_contents()->RemoveLast();
  }
}

void edit(inference::ModelMetadataResponse &response, const Values &values) {
  for (auto &input : *response.mutable_inputs()) edit_description(input, values);
  for (auto &output : *response.mutable_outputs()) edit_description(output, values);
}

void edit(std::string &bytes, const Values &values) {
  if (values.has("replaced_hex")) bytes = values.hex("replaced_hex");
  if (const auto kept = values.number("keep_bytes")) {
    // A negative number counts from the end.
    const int64_t size = static_cast<int64_t>(bytes.size());
    const int64_t count = *kept < 0 ? size + *kept : *kept;
    bytes.resize(static_cast<size_t>(std::clamp<int64_t>(count, 0, size)));
  }
  bytes.insert(0, values.hex("prepended_hex"));
  bytes.append(values.hex("appended_hex"));
}
