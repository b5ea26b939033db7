// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#include "InferenceEcho.hpp"

#include <grpcpp/impl/rpc_service_method.h>
#include <grpcpp/impl/service_type.h>
#include <grpcpp/support/async_unary_call.h>

#include <chrono>
#include <climits>
#include <stdexcept>
#include <string>

#include "InferenceMessage.hpp"
#include "grpc_service.pb.h"

namespace {

grpc::ByteBuffer encoded(const google::protobuf::Message &message) {
  grpc::Slice slice(message.SerializeAsString());
  return grpc::ByteBuffer(&slice, 1);
}

grpc::Status answer_live(const grpc::ByteBuffer &, grpc::ByteBuffer &response) {
  inference::ServerLiveResponse message;
  message.set_live(true);
  response = encoded(message);
  return grpc::Status::OK;
}

grpc::Status answer_ready(const grpc::ByteBuffer &, grpc::ByteBuffer &response) {
  inference::ServerReadyResponse message;
  message.set_ready(true);
  response = encoded(message);
  return grpc::Status::OK;
}

grpc::Status answer_model_ready(const grpc::ByteBuffer &, grpc::ByteBuffer &response) {
  inference::ModelReadyResponse message;
  message.set_ready(true);
  response = encoded(message);
  return grpc::Status::OK;
}

grpc::Status answer_model_metadata(const grpc::ByteBuffer &, grpc::ByteBuffer &response) {
  inference::ModelMetadataResponse message;
  message.set_name("echo");
  message.add_versions("1");
  auto *input = message.add_inputs();
  input->set_name("INPUT0");
  input->set_datatype("FP32");
  input->add_shape(-1);
  auto *output = message.add_outputs();
  output->set_name("OUTPUT0");
  output->set_datatype("FP32");
  output->add_shape(-1);
  response = encoded(message);
  return grpc::Status::OK;
}

using Answer = grpc::Status (*)(const grpc::ByteBuffer &request, grpc::ByteBuffer &response);

struct Method {
  const char *name;
  Answer answer;
};

/// The rest of the service is UNIMPLEMENTED, as the model's configuration is on servers other than Triton.
constexpr Method methods[] = {
    {"/inference.GRPCInferenceService/ModelInfer", echo_inference},
    {"/inference.GRPCInferenceService/ServerLive", answer_live},
    {"/inference.GRPCInferenceService/ServerReady", answer_ready},
    {"/inference.GRPCInferenceService/ModelReady", answer_model_ready},
    {"/inference.GRPCInferenceService/ModelMetadata", answer_model_metadata},
};
constexpr int infer_method = 0;
constexpr int method_count = sizeof methods / sizeof *methods;

/// Calls of each method that wait for a client, so that none has to wait for this server's threads.
constexpr int waiting_calls = 32;

}  // namespace

/// The methods, registered so that a call's event brings its message with it. Messages are bytes.
class InferenceEcho::Service final : public grpc::Service {
 public:
  explicit Service(bool spoils) : infer_(spoils ? spoil_inference : echo_inference) {
    for (int index = 0; index < method_count; ++index) {
      AddMethod(new grpc::internal::RpcServiceMethod(
          methods[index].name, grpc::internal::RpcMethod::NORMAL_RPC, nullptr));
      MarkMethodRaw(index);
    }
  }

  grpc::Status answer(int method, const grpc::ByteBuffer &request, grpc::ByteBuffer &response) const {
    return (method == infer_method ? infer_ : methods[method].answer)(request, response);
  }

  /// One call, from waiting for it to its end; then it waits for the next one in a new object.
  class Call {
   public:
    Call(Service &service, grpc::ServerCompletionQueue &queue, int method)
        : service_(service), queue_(queue), method_(method), writer_(&context_) {
      service.RequestAsyncUnary(method, &context_, &request_, &writer_, &queue, &queue, this);
    }

    void proceed(bool ok) {
      if (!ok || finished_) {
        delete this;
        return;
      }
      new Call(service_, queue_, method_);
      finished_ = true;
      grpc::ByteBuffer response;
      const grpc::Status status = service_.answer(method_, request_, response);
      request_.Clear();
      if (status.ok()) {
        writer_.Finish(response, status, this);
      } else {
        writer_.FinishWithError(status, this);
      }
    }

   private:
    Service &service_;
    grpc::ServerCompletionQueue &queue_;
    const int method_;
    bool finished_ = false;
    grpc::ServerContext context_;
    grpc::ByteBuffer request_;
    grpc::ServerAsyncResponseWriter<grpc::ByteBuffer> writer_;
  };

 private:
  const Answer infer_;
};

InferenceEcho::InferenceEcho(int thread_count, bool spoils) : service_(std::make_unique<Service>(spoils)) {
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
  // As Triton's server: messages of any size, everything else as gRPC has it.
  builder.SetMaxMessageSize(INT_MAX);
  builder.RegisterService(service_.get());
  for (int index = 0; index < thread_count; ++index) queues_.push_back(builder.AddCompletionQueue());
  server_ = builder.BuildAndStart();
  if (server_ == nullptr || port_ == 0) throw std::runtime_error("gRPC could not listen on 127.0.0.1");
  for (auto &queue : queues_) {
    for (int method = 0; method < method_count; ++method) {
      for (int count = 0; count < waiting_calls; ++count) new Service::Call(*service_, *queue, method);
    }
    threads_.emplace_back([&queue = *queue] {
      void *tag;
      bool ok;
      while (queue.Next(&tag, &ok)) static_cast<Service::Call *>(tag)->proceed(ok);
    });
  }
}

InferenceEcho::~InferenceEcho() {
  server_->Shutdown(std::chrono::system_clock::now());
  for (auto &queue : queues_) queue->Shutdown();
  for (auto &thread : threads_) thread.join();
}
