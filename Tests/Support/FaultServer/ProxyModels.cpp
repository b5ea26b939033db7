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
  faults.drops.fraction = values.fraction("drop_fraction");
  faults.drops.within = values.number("drop_within", faults.drops.within);
  if (faults.drops.within < 1) throw BadRequest("drop_within is less than 1");
  faults.drops.seed = static_cast<uint64_t>(values.number("drop_seed", 1));
  faults.isBlackHole = values.flag("black_hole");
  faults.refuses = values.flag("refuse");
  faults.says = values.text("says");
  faults.connections = values.number("connections", INT64_MAX);
  return faults;
}

/// The port that connections lead to, where it is not this server's.
std::optional<int> upstream_of(const Values &values) {
  const auto port = values.number("upstream_port");
  if (port && (*port < 1 || *port > 65535)) throw BadRequest("upstream_port is no port");
  return port;
}

Place place_of(const Values &values) {
  Place place;
  place.address = values.text("address", place.address);
  place.port = static_cast<int>(values.number("listen_port", 0));
  return place;
}

int port_of(const Values &values) {
  const auto port = values.number("port");
  if (!port) throw BadRequest("the parameter port is missing: proxy.open gives one");
  return static_cast<int>(*port);
}

void describe(const RouteReport &report, ModelInferResponse &response) {
  auto &parameters = *response.mutable_parameters();
  parameters["port"].set_int64_param(report.name);
  parameters["listens"].set_int64_param(report.port);
  parameters["accepted"].set_int64_param(report.accepted);
  parameters["open"].set_int64_param(report.open);
  parameters["dropped"].set_int64_param(report.dropped);
  parameters["uploaded"].set_int64_param(report.uploaded);
  parameters["answered"].set_int64_param(report.answered);
}

}  // namespace

void open_proxy(Call &call, const ModelInferRequest &, ModelInferResponse &response) {
  describe(call.shared.proxy->open(place_of(call.values), faults_of(call.values), upstream_of(call.values)),
           response);
}

void change_proxy(Call &call, const ModelInferRequest &, ModelInferResponse &response) {
  const bool listens = call.values.text("listening", "true") == "true";
  describe(call.shared.proxy->change(port_of(call.values), faults_of(call.values), listens,
                                     call.values.flag("drop"), upstream_of(call.values)),
           response);
}

void report_proxy(Call &call, const ModelInferRequest &, ModelInferResponse &response) {
  describe(call.shared.proxy->report(port_of(call.values)), response);
}

void close_proxy(Call &call, const ModelInferRequest &, ModelInferResponse &response) {
  describe(call.shared.proxy->close(port_of(call.values)), response);
}
