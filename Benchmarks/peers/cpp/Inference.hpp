// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#pragma once

#include <grpcpp/grpcpp.h>

#include <climits>
#include <memory>
#include <stdexcept>
#include <string>

#include "Measurement.hpp"
#include "grpc_service.grpc.pb.h"

/// A stub with the channel arguments of Triton's C++ client: both message sizes and its keep-alive.
inline std::shared_ptr<grpc::Channel> connect_channel(const std::string &target) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxSendMessageSize(INT_MAX);
  arguments.SetMaxReceiveMessageSize(INT_MAX);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, INT_MAX);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 0);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 2);
  return grpc::CreateCustomChannel(target, grpc::InsecureChannelCredentials(), arguments);
}

inline std::unique_ptr<inference::GRPCInferenceService::Stub> connect(const std::string &target) {
  return inference::GRPCInferenceService::NewStub(connect_channel(target));
}

/// Fills a request that may have been sent before, as Triton's C++ client does: messages and the string that
/// holds the tensor are used again, and the caller's bytes are copied into it.
inline void fill(inference::ModelInferRequest &request, const Payload &payload) {
  request.set_model_name("echo");
  request.set_model_version("");
  request.set_id("");
  request.mutable_parameters()->clear();
  request.mutable_raw_input_contents()->Clear();
  auto *input = request.inputs().empty() ? request.add_inputs() : request.mutable_inputs(0);
  input->set_name("INPUT0");
  input->mutable_shape()->Clear();
  input->add_shape(payload.element_count());
  input->set_datatype("FP32");
  input->mutable_parameters()->clear();
  std::string *contents = request.add_raw_input_contents();
  contents->reserve(payload.size());
  contents->clear();
  contents->append(payload.bytes(), payload.size());
  auto *output = request.outputs().empty() ? request.add_outputs() : request.mutable_outputs(0);
  output->Clear();
  output->set_name("OUTPUT0");
}

/// Throws unless a call succeeded with the tensor that was sent, which is read where it lies.
inline void check(const grpc::Status &status, const inference::ModelInferResponse &response,
                  const Payload &payload, bool completely) {
  if (!status.ok()) throw std::runtime_error("the call failed: " + status.error_message());
  if (response.outputs_size() != 1 || response.raw_output_contents_size() != 1 ||
      response.outputs(0).name() != "OUTPUT0") {
    throw std::runtime_error("the answer has no output OUTPUT0");
  }
  const std::string &contents = response.raw_output_contents(0);
  payload.check(contents.data(), contents.size(), completely);
}
