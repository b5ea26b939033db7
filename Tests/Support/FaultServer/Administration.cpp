// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#include "Administration.hpp"

#include <algorithm>

#include "Edits.hpp"
#include "Inference.hpp"

namespace {

bool is_known(const std::string &name) {
  return std::count(model_names().begin(), model_names().end(), name) > 0;
}

template <class Tensor>
void describe(Tensor &tensor) {
  tensor.set_name("INPUT");
  tensor.set_datatype("FP32");
  tensor.add_shape(-1);
}

template <class Tensor>
void configure(Tensor &tensor) {
  tensor.set_name("INPUT");
  tensor.set_data_type(inference::TYPE_FP32);
  tensor.add_dims(-1);
}

void count(const std::string &name, const CallLog &log, inference::ModelStatistics &statistics) {
  const CallLog::Tally tally = log.tally(name);
  statistics.set_name(name);
  statistics.set_version("1");
  statistics.set_inference_count(tally.successes);
  statistics.set_execution_count(tally.successes);
  auto &inferences = *statistics.mutable_inference_stats();
  inferences.mutable_success()->set_count(tally.successes);
  inferences.mutable_success()->set_ns(static_cast<uint64_t>(tally.successTime.count()));
  inferences.mutable_fail()->set_count(tally.failures);
  inferences.mutable_fail()->set_ns(static_cast<uint64_t>(tally.failureTime.count()));
}

}  // namespace

grpc::Status server_live(
    Call &, const inference::ServerLiveRequest &, inference::ServerLiveResponse &response) {
  response.set_live(true);
  return grpc::Status::OK;
}

grpc::Status server_ready(
    Call &, const inference::ServerReadyRequest &, inference::ServerReadyResponse &response) {
  response.set_ready(true);
  return grpc::Status::OK;
}

grpc::Status model_ready(
    Call &, const inference::ModelReadyRequest &request, inference::ModelReadyResponse &response) {
  if (!is_known(request.name())) return unknown_model(request.name());
  response.set_ready(true);
  return grpc::Status::OK;
}

grpc::Status server_metadata(
    Call &, const inference::ServerMetadataRequest &, inference::ServerMetadataResponse &response) {
  response.set_name("fault-server");
  response.set_version("1");
  response.add_extensions("model_repository");
  response.add_extensions("statistics");
  return grpc::Status::OK;
}

grpc::Status model_metadata(
    Call &call, const inference::ModelMetadataRequest &request, inference::ModelMetadataResponse &response) {
  if (!is_known(request.name())) return unknown_model(request.name());
  response.set_name(request.name());
  response.add_versions("1");
  response.set_platform("fault-server");
  describe(*response.add_inputs());
  describe(*response.add_outputs());
  edit(response, call.values);
  return grpc::Status::OK;
}

grpc::Status model_config(
    Call &, const inference::ModelConfigRequest &request, inference::ModelConfigResponse &response) {
  if (!is_known(request.name())) return unknown_model(request.name());
  auto &config = *response.mutable_config();
  config.set_name(request.name());
  config.set_backend("fault-server");
  configure(*config.add_input());
  configure(*config.add_output());
  if (request.name() == "inspect") {
    // Requests may say how long they wait; those of priority 1 wait a millisecond unless they do.
    auto &batching = *config.mutable_dynamic_batching();
    batching.mutable_default_queue_policy()->set_allow_timeout_override(true);
    auto &first = (*batching.mutable_priority_queue_policy())[1];
    first.set_allow_timeout_override(true);
    first.set_default_timeout_microseconds(1000);
  }
  return grpc::Status::OK;
}

grpc::Status model_statistics(
    Call &call, const inference::ModelStatisticsRequest &request,
    inference::ModelStatisticsResponse &response) {
  if (!request.name().empty() && !is_known(request.name())) return unknown_model(request.name());
  for (const auto &name : model_names()) {
    if (!request.name().empty() && request.name() != name) continue;
    count(name, call.shared.log, *response.add_model_stats());
  }
  return grpc::Status::OK;
}

grpc::Status repository_index(
    Call &, const inference::RepositoryIndexRequest &, inference::RepositoryIndexResponse &response) {
  for (const auto &name : model_names()) {
    auto &model = *response.add_models();
    model.set_name(name);
    model.set_version("1");
    model.set_state("READY");
  }
  return grpc::Status::OK;
}
