// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#include "EchoServer.hpp"

#include <grpcpp/alarm.h>
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/grpcpp.h>

#include <chrono>

#include "Program.hpp"

namespace {

class EchoCall final : public grpc::ServerGenericBidiReactor {
 public:
  explicit EchoCall(grpc::GenericCallbackServerContext &context) : method_(context.method()) {
    if (method_ == "/fuzz/Fail") context.AddTrailingMetadata("grpc-retry-pushback-ms", "70");
    StartRead(&message_);
  }

  void OnReadDone(bool ok) override {
    if (!ok) return Finish(grpc::Status::OK);
    if (method_ == "/fuzz/Fail") return Finish(grpc::Status(grpc::StatusCode::PERMISSION_DENIED, "as asked"));
    if (method_ == "/fuzz/Nothing") return Finish(grpc::Status::OK);
    remaining_ = method_ == "/fuzz/Twice" ? 2 : 1;
    if (method_ == "/fuzz/Slow") {
      // Whatever becomes of the call meanwhile, its end waits for this.
      alarm_.Set(std::chrono::system_clock::now() + std::chrono::milliseconds(1), [this](bool) { write(); });
    } else {
      write();
    }
  }

  void OnWriteDone(bool ok) override {
    if (!ok) return Finish(grpc::Status::CANCELLED);
    if (--remaining_ > 0) return write();
    StartRead(&message_);
  }

  void OnDone() override { delete this; }

 private:
  void write() { StartWrite(&message_); }

  const std::string method_;
  grpc::ByteBuffer message_;
  grpc::Alarm alarm_;
  int remaining_ = 0;
};

class EchoService final : public grpc::CallbackGenericService {
  grpc::ServerGenericBidiReactor *CreateReactor(grpc::GenericCallbackServerContext *context) override {
    static const std::string methods[] = {"/fuzz/Echo", "/fuzz/Fail", "/fuzz/Nothing", "/fuzz/Twice", "/fuzz/Slow"};
    for (const std::string &method : methods) {
      if (context->method() == method) return new EchoCall(*context);
    }
    return CallbackGenericService::CreateReactor(context);
  }
};

}  // namespace

std::string start_echo_server() {
  // Both live as long as the process.
  static auto *const service = new EchoService();
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.SetMaxReceiveMessageSize(-1);
  builder.RegisterCallbackGenericService(service);
  static grpc::Server *const server = builder.BuildAndStart().release();
  if (server == nullptr) fail("the echo server cannot listen on loopback");
  return "127.0.0.1:" + std::to_string(port);
}
