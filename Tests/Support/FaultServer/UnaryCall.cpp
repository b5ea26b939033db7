// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#include "UnaryCall.hpp"

#include <functional>
#include <map>
#include <mutex>

#include "Administration.hpp"
#include "Edits.hpp"
#include "Inference.hpp"
#include "Pause.hpp"

namespace {

using Clock = std::chrono::steady_clock;

/// Answers an encoded request by an encoded message.
using Handler = std::function<grpc::Status(Call &, const grpc::ByteBuffer &, std::string &)>;

template <class Request, class Response>
Handler handler(grpc::Status (*function)(Call &, const Request &, Response &)) {
  return [function](Call &call, const grpc::ByteBuffer &buffer, std::string &bytes) {
    Response response;
    const grpc::Status status = function(call, parse<Request>(buffer, call.context.method()), response);
    if (status.ok()) response.SerializeToString(&bytes);
    return status;
  };
}

const std::map<std::string, Handler> &all_handlers() {
  static const std::map<std::string, Handler> handlers = {
      {"ServerLive", handler(server_live)},
      {"ServerReady", handler(server_ready)},
      {"ServerMetadata", handler(server_metadata)},
      {"ModelReady", handler(model_ready)},
      {"ModelMetadata", handler(model_metadata)},
      {"ModelConfig", handler(model_config)},
      {"ModelStatistics", handler(model_statistics)},
      {"RepositoryIndex", handler(repository_index)},
      {"ModelInfer", handler(infer)},
  };
  return handlers;
}

/// The call is one of a stream's kind for gRPC, so that it can break the rule of one request and one answer.
class UnaryCall final : public grpc::ServerGenericBidiReactor {
 public:
  UnaryCall(const std::string &method, grpc::GenericCallbackServerContext &context, Shared &shared)
      : method_(method), call_{context, shared, Values()} {
    StartRead(&request_);
  }

  void OnReadDone(bool ok) override {
    if (!ok) return Finish(grpc::Status(grpc::StatusCode::CANCELLED, "no request came"));
    prepare();
    const auto delay = std::chrono::milliseconds(call_.values.number("delay_ms", 0));
    if (!pauses(delay)) send();
  }

  void OnWriteDone(bool ok) override {
    if (ok) return send();
    Finish(grpc::Status(grpc::StatusCode::CANCELLED, "the caller is gone"));
  }

  void OnCancel() override {
    std::lock_guard<std::mutex> lock(mutex_);
    isCancelled_ = true;
    if (isPausing_ && !ignoresCancellation_) pause_.cut_short();
  }

  void OnDone() override {
    call_.shared.log.end(call_.id, isCancelled_);
    if (!call_.model.empty()) {
      call_.shared.log.count(call_.model, status_.ok() && !isCancelled_, Clock::now() - begin_);
    }
    delete this;
  }

 private:
  /// Computes the answer, its bytes and how the call ends.
  void prepare() {
    std::string bytes;
    try {
      call_.values = values_of_headers(call_.context);
      if (call_.values.has("id")) {
        call_.id = call_.values.text("id");
        call_.attempt = call_.shared.log.begin(call_.id);
      }
      status_ = all_handlers().at(method_)(call_, request_, bytes);
      if (status_.ok()) {
        status_ = status_asked_for(call_.values, call_.attempt).value_or(grpc::Status::OK);
        edit(bytes, call_.values);
      }
      decorate(call_.context, call_.values);
      messages_ = call_.values.number("messages", status_.ok() ? 1 : 0);
      ignoresCancellation_ = call_.values.flag("ignores_cancellation");
    } catch (const std::exception &error) {
      status_ = grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, error.what());
      messages_ = 0;
      call_.values = Values();
    }
    answer_ = message_of(std::move(bytes));
  }

  /// Whether the answer waits, which goes on by itself afterwards.
  bool pauses(std::chrono::milliseconds delay) {
    std::lock_guard<std::mutex> lock(mutex_);
    isPausing_ = delay.count() > 0 && (!isCancelled_ || ignoresCancellation_);
    if (!isPausing_) return false;
    pause_.begin(delay, [this] { end_pause(); });
    return true;
  }

  void end_pause() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      isPausing_ = false;
    }
    send();
  }

  /// Sends what is left of the answer, then ends the call.
  void send() {
    if (messages_-- > 0) {
      StartWrite(&answer_);
    } else {
      Finish(status_);
    }
  }

  const std::string method_;
  const Clock::time_point begin_ = Clock::now();
  Call call_;
  grpc::ByteBuffer request_, answer_;
  grpc::Status status_;
  int64_t messages_ = 0;

  std::mutex mutex_;
  Pause pause_;
  bool isPausing_ = false;
  bool isCancelled_ = false;
  bool ignoresCancellation_ = false;
};

}  // namespace

bool is_unary_method(const std::string &method) { return all_handlers().count(method) > 0; }

grpc::ServerGenericBidiReactor *start_unary_call(
    const std::string &method, grpc::GenericCallbackServerContext &context, Shared &shared) {
  return new UnaryCall(method, context, shared);
}
