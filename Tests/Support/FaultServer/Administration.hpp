// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#ifndef FAULT_SERVER_ADMINISTRATION_HPP
#define FAULT_SERVER_ADMINISTRATION_HPP

#include "Call.hpp"
#include "grpc_service.pb.h"

/// What the server says about itself and its models. Every model says that it takes one tensor INPUT of FP32
/// and any length and gives it back, which `echo` does.

grpc::Status server_live(
    Call &, const inference::ServerLiveRequest &, inference::ServerLiveResponse &);
grpc::Status server_ready(
    Call &, const inference::ServerReadyRequest &, inference::ServerReadyResponse &);
grpc::Status model_ready(
    Call &, const inference::ModelReadyRequest &, inference::ModelReadyResponse &);
grpc::Status server_metadata(
    Call &, const inference::ServerMetadataRequest &, inference::ServerMetadataResponse &);
grpc::Status model_metadata(
    Call &, const inference::ModelMetadataRequest &, inference::ModelMetadataResponse &);
grpc::Status model_config(
    Call &, const inference::ModelConfigRequest &, inference::ModelConfigResponse &);
grpc::Status model_statistics(
    Call &, const inference::ModelStatisticsRequest &, inference::ModelStatisticsResponse &);
grpc::Status repository_index(
    Call &, const inference::RepositoryIndexRequest &, inference::RepositoryIndexResponse &);

#endif  // FAULT_SERVER_ADMINISTRATION_HPP
