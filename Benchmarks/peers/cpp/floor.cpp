// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors
//
// gRPC alone: a message that was encoded before is sent from where it is, and the answer is looked at where it arrived.
// Nothing is encoded, decoded or copied, and each lane waits on a completion queue of its own. No client over this
// library can be faster.

#include <grpcpp/generic/generic_stub.h>

#include "Inference.hpp"
#include "Threads.hpp"

namespace {

/// The message in two slices, the second one with the payload's own memory.
grpc::ByteBuffer message_with(const Payload &payload) {
  inference::ModelInferRequest request;
  fill(request, payload);
  std::string encoded = request.SerializeAsString();
  // The payload is the last field, so everything before it is the head.
  const std::string head = encoded.substr(0, encoded.size() - payload.size());
  const grpc::Slice slices[] = {
      grpc::Slice(head),
      grpc::Slice(const_cast<char *>(payload.bytes()), payload.size(), [](void *) {}, nullptr)};
  return grpc::ByteBuffer(slices, 2);
}

void check_bytes(const grpc::ByteBuffer &answer, const Payload &payload, bool completely) {
  std::vector<grpc::Slice> slices;
  if (!answer.Dump(&slices).ok() || answer.Length() <= payload.size()) {
    throw std::runtime_error("the answer is too short");
  }
  if (!completely) return;
  std::string bytes;
  for (const auto &slice : slices) bytes.append(reinterpret_cast<const char *>(slice.begin()), slice.size());
  const size_t position = bytes.size() - payload.size();
  payload.check(bytes.data() + position, payload.size(), true);
}

}  // namespace

int main(int argument_count, char **arguments) {
  const Options options(argument_count, arguments);
  const Payload payload(options.payload);
  const grpc::ByteBuffer message = message_with(payload);
  grpc::GenericStub stub(connect_channel(options.target));
  std::vector<grpc::CompletionQueue> queues(options.in_flight);
  return measure("grpc-floor", options, [&](const Phase &phase) {
    return run_threads(phase, [&](int lane, bool compares) {
      grpc::ClientContext context;
      grpc::ByteBuffer answer;
      grpc::Status status;
      const auto call = stub.PrepareUnaryCall(
          &context, "/inference.GRPCInferenceService/ModelInfer", message, &queues[lane]);
      call->StartCall();
      call->Finish(&answer, &status, &status);
      void *tag;
      bool ok;
      queues[lane].Next(&tag, &ok);
      if (!status.ok()) throw std::runtime_error("the call failed: " + status.error_message());
      check_bytes(answer, payload, compares);
    });
  });
}
