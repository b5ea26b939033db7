// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#include "ProxyModels.hpp"

#include "grpc_service.pb.h"

namespace {

using inference::ModelInferRequest;
using inference::ModelInferResponse;

RouteFaults faults_of(const Values &values) {
  RouteFaults faults;
  faults.answer.cutAt = values.number("cut_answer_at");
  faults.answer.stallAt = values.number("stall_answer_at");
  faults.answer.corruptAt = values.number("corrupt_answer_at");
  faults.upload.cutAt = values.number("cut_upload_at");
  faults.upload.stallAt = values.number("stall_upload_at");
  faults.latency = std::chrono::milliseconds(values.number("latency_ms", 0));
  faults.resets = values.flag("reset");
  faults.refuses = values.flag("refuse");
  faults.says = values.text("says");
  faults.connections = values.number("connections", INT64_MAX);
  return faults;
}

int port_of(const Values &values) {
  const auto port = values.number("port");
  if (!port) throw BadRequest("the parameter port is missing: proxy.open gives one");
  return static_cast<int>(*port);
}

void describe(const RouteReport &report, ModelInferResponse &response) {
  auto &parameters = *response.mutable_parameters();
  parameters["port"].set_int64_param(report.port);
  parameters["accepted"].set_int64_param(report.accepted);
  parameters["open"].set_int64_param(report.open);
  parameters["uploaded"].set_int64_param(report.uploaded);
  parameters["answered"].set_int64_param(report.answered);
}

}  // namespace

void open_proxy(Call &call, const ModelInferRequest &, ModelInferResponse &response) {
  describe(call.shared.proxy->open(faults_of(call.values)), response);
}

void change_proxy(Call &call, const ModelInferRequest &, ModelInferResponse &response) {
  const bool listens = call.values.text("listening", "true") == "true";
  describe(call.shared.proxy->change(
               port_of(call.values), faults_of(call.values), listens, call.values.flag("drop")),
           response);
}

void report_proxy(Call &call, const ModelInferRequest &, ModelInferResponse &response) {
  describe(call.shared.proxy->report(port_of(call.values)), response);
}

void close_proxy(Call &call, const ModelInferRequest &, ModelInferResponse &response) {
  describe(call.shared.proxy->close(port_of(call.values)), response);
}
