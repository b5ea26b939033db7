// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#ifndef FAULT_SERVER_TYPED_CONTENTS_HPP
#define FAULT_SERVER_TYPED_CONTENTS_HPP

namespace inference {
class ModelInferResponse;
}

/// Moves each output's raw bytes into its typed `contents`, as servers answer that do not use raw contents.
/// Throws BadRequest for data types that have none: FP16 and BF16.
void move_to_typed_contents(inference::ModelInferResponse &response);

#endif  // FAULT_SERVER_TYPED_CONTENTS_HPP
