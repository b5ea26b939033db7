// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#include "Inference.hpp"

#include <chrono>
#include <functional>
#include <map>

#include "Edits.hpp"
#include "ProxyModels.hpp"
#include "grpc_service.pb.h"

namespace {

using inference::ModelInferRequest;
using inference::ModelInferResponse;

using Model = std::function<void(Call &, const ModelInferRequest &, ModelInferResponse &)>;

/// Outputs are the inputs, bit for bit.
void echo(Call &, const ModelInferRequest &request, ModelInferResponse &response) {
  for (const auto &input : request.inputs()) {
    auto &output = *response.add_outputs();
    output.set_name(input.name());
    output.set_datatype(input.datatype());
    *output.mutable_shape() = input.shape();
    if (input.has_contents()) *output.mutable_contents() = input.contents();
  }
  *response.mutable_raw_output_contents() = request.raw_input_contents();
}

/// One output of `byte_count` zero bytes.
void zeros(Call &call, const ModelInferRequest &, ModelInferResponse &response) {
  const int64_t count = call.values.number("byte_count", 0);
  if (count < 0) throw BadRequest("byte_count is negative");
  auto &output = *response.add_outputs();
  output.set_name("OUTPUT");
  output.set_datatype("UINT8");
  output.add_shape(count);
  response.add_raw_output_contents()->resize(static_cast<size_t>(count));
}

/// What arrived beside the tensors: headers, the request's parameters, the time left until the deadline.
void inspect(Call &call, const ModelInferRequest &request, ModelInferResponse &response) {
  auto &parameters = *response.mutable_parameters();
  for (const auto &[key, value] : call.context.client_metadata()) {
    const std::string name = "header:" + std::string(key.data(), key.size());
    parameters[name].set_string_param(std::string(value.data(), value.size()));
  }
  for (const auto &[name, parameter] : request.parameters()) parameters["parameter:" + name] = parameter;
  const auto deadline = call.context.deadline();
  if (deadline != std::chrono::system_clock::time_point::max()) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::system_clock::now());
    parameters["deadline_ms"].set_int64_param(left.count());
  }
  parameters["peer"].set_string_param(call.context.peer());
  echo(call, request, response);
}

/// What the server has seen of the calls with the id `of`.
void calls(Call &call, const ModelInferRequest &, ModelInferResponse &response) {
  const CallLog::Entry entry = call.shared.log.entry(call.values.text("of"));
  auto &parameters = *response.mutable_parameters();
  parameters["attempts"].set_int64_param(entry.attempts);
  parameters["cancelled"].set_int64_param(entry.cancelled);
  parameters["running"].set_int64_param(entry.running);
}

const std::map<std::string, Model> &models() {
  static const std::map<std::string, Model> models = {
      {"echo", echo},
      {"zeros", zeros},
      {"inspect", inspect},
      {"calls", calls},
      {"proxy.open", open_proxy},
      {"proxy.change", change_proxy},
      {"proxy.report", report_proxy},
      {"proxy.close", close_proxy},
  };
  return models;
}

}  // namespace

const std::vector<std::string> &model_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> names;
    for (const auto &[name, model] : models()) names.push_back(name);
    return names;
  }();
  return names;
}

grpc::Status unknown_model(const std::string &name) {
  // The words of Triton, which clients tell this case by.
  return grpc::Status(grpc::StatusCode::NOT_FOUND, "Request for unknown model: '" + name + "' is not found");
}

grpc::Status infer(Call &call, const ModelInferRequest &request, ModelInferResponse &response) {
  call.id = request.id();
  call.model = request.model_name();
  call.attempt = call.shared.log.begin(request.id());
  call.values.add_parameters(request);
  call.values.check_names();
  const auto model = models().find(request.model_name());
  if (model == models().end()) return unknown_model(request.model_name());

  response.set_model_name(request.model_name());
  response.set_model_version(request.model_version().empty() ? "1" : request.model_version());
  response.set_id(request.id());
  if (!request.id().empty()) (*response.mutable_parameters())["attempt"].set_int64_param(call.attempt);
  model->second(call, request, response);
  edit(response, call.values);
  return grpc::Status::OK;
}
