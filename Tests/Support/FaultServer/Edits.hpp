// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#ifndef FAULT_SERVER_EDITS_HPP
#define FAULT_SERVER_EDITS_HPP

#include <string>

#include "Values.hpp"

namespace inference {
class ModelInferResponse;
class ModelMetadataResponse;
}

/// Changes what an answer says, so that it contradicts itself or the protocol: `renamed_to`, `data_type`,
/// `shape`, `added_bytes`, `added_contents`, `typed_contents`.
void edit(inference::ModelInferResponse &response, const Values &values);

/// The same for what a model's metadata says: `data_type`, `shape`.
void edit(inference::ModelMetadataResponse &response, const Values &values);

/// Changes an encoded message: `replaced_hex`, then `keep_bytes`, `prepended_hex`, `appended_hex`.
void edit(std::string &bytes, const Values &values);

#endif  // FAULT_SERVER_EDITS_HPP
