// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#pragma once

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/status.h>

/// Makes the answer to a ModelInferRequest: one output with the type, the shape and the bytes of the request's
/// one input. The tensor's bytes stay where gRPC received them; the answer refers to them.
grpc::Status echo_inference(const grpc::ByteBuffer &request, grpc::ByteBuffer &response);

/// The same with the byte in the tensor's middle changed, for a check that the peers notice.
grpc::Status spoil_inference(const grpc::ByteBuffer &request, grpc::ByteBuffer &response);
