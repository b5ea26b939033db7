// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#ifndef FAULT_SERVER_PROXY_MODELS_HPP
#define FAULT_SERVER_PROXY_MODELS_HPP

#include "Call.hpp"

namespace inference {
class ModelInferRequest;
class ModelInferResponse;
}

/// Models that control the proxy. The parameters of the request say what a port does to its connections; the
/// answer's parameters are the port and what was counted there.

/// Opens a port of its own for the caller.
void open_proxy(Call &, const inference::ModelInferRequest &, inference::ModelInferResponse &);
/// Gives a port other faults.
void change_proxy(Call &, const inference::ModelInferRequest &, inference::ModelInferResponse &);
/// Says what a port has seen.
void report_proxy(Call &, const inference::ModelInferRequest &, inference::ModelInferResponse &);
/// Closes a port and its connections.
void close_proxy(Call &, const inference::ModelInferRequest &, inference::ModelInferResponse &);

#endif  // FAULT_SERVER_PROXY_MODELS_HPP
