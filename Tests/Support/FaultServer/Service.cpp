// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#include "Service.hpp"

#include <chrono>
#include <string>

#include "StreamCall.hpp"
#include "UnaryCall.hpp"
#include "grpc_service.grpc.pb.h"

namespace {

using Base = inference::GRPCInferenceService;

using HealthMethods =
    Base::WithGenericMethod_ServerLive<Base::WithGenericMethod_ServerReady<Base::WithGenericMethod_ModelReady<
        Base::WithGenericMethod_ServerMetadata<Base::Service>>>>;

using ModelMethods =
    Base::WithGenericMethod_ModelMetadata<Base::WithGenericMethod_ModelConfig<
        Base::WithGenericMethod_ModelStatistics<Base::WithGenericMethod_RepositoryIndex<HealthMethods>>>>;

using TypedMethods =
    Base::WithGenericMethod_ModelInfer<Base::WithGenericMethod_ModelStreamInfer<ModelMethods>>;

/// Takes the calls of the methods named above.
class EncodedMethods final : public grpc::CallbackGenericService {
 public:
  explicit EncodedMethods(Shared &shared) : shared_(shared) {}

  grpc::ServerGenericBidiReactor *CreateReactor(grpc::GenericCallbackServerContext *context) override {
    static const std::string service = "/inference.GRPCInferenceService/";
    if (context->method().rfind(service, 0) != 0) return CallbackGenericService::CreateReactor(context);
    const std::string method = context->method().substr(service.size());
    if (method == "ModelStreamInfer") return start_stream_call(*context, shared_);
    if (!is_unary_method(method)) return CallbackGenericService::CreateReactor(context);
    return start_unary_call(method, *context, shared_);
  }

 private:
  Shared &shared_;
};

}  // namespace

struct Service::Parts {
  explicit Parts(Shared &shared) : encoded(shared) {}

  TypedMethods typed;
  EncodedMethods encoded;
  std::unique_ptr<grpc::Server> server;
};

Service::Service(Shared &shared) : parts_(std::make_unique<Parts>(shared)) {}

Service::~Service() = default;

int Service::listen(int port) {
  grpc::ServerBuilder builder;
  int chosen = 0;
  builder.AddListeningPort("127.0.0.1:" + std::to_string(port), grpc::InsecureServerCredentials(), &chosen);
  builder.SetMaxReceiveMessageSize(-1);
  builder.SetMaxSendMessageSize(-1);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PING_STRIKES, 0);
  builder.RegisterService(&parts_->typed);
  builder.RegisterCallbackGenericService(&parts_->encoded);
  parts_->server = builder.BuildAndStart();
  return parts_->server == nullptr ? 0 : chosen;
}

void Service::stop() { parts_->server->Shutdown(std::chrono::system_clock::now()); }
