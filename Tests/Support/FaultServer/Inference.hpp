// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#ifndef FAULT_SERVER_INFERENCE_HPP
#define FAULT_SERVER_INFERENCE_HPP

#include <string>
#include <vector>

#include "Call.hpp"

namespace inference {
class ModelInferRequest;
class ModelInferResponse;
}

/// The names of all models.
const std::vector<std::string> &model_names();

/// The status for a model that is none of them.
grpc::Status unknown_model(const std::string &name);

/// Computes what a model answers and applies the edits that were asked for. Sets the values, id, model and
/// attempt of `call`; whoever calls this notes the end of the call in the log. Throws BadRequest.
grpc::Status infer(Call &call, const inference::ModelInferRequest &request,
                   inference::ModelInferResponse &response);

#endif  // FAULT_SERVER_INFERENCE_HPP
