// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

// The headers that take seconds to read, read once for all sources.

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/grpcpp.h>

#include "grpc_service.pb.h"
