// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#include "StreamCall.hpp"

#include <algorithm>
#include <mutex>

#include "Edits.hpp"
#include "Inference.hpp"
#include "Pause.hpp"
#include "grpc_service.pb.h"

namespace {

/// What a request on a stream is answered by: the same message any number of times, then another one.
struct Answers {
  grpc::ByteBuffer ordinary;
  grpc::ByteBuffer last;
  int64_t remaining = 0;
  std::chrono::milliseconds delay{0};
  /// How the stream ends afterwards; nothing if it goes on.
  std::optional<grpc::Status> end;
  bool hangs = false;
};

/// `values` decide what becomes of `response`, which the request's model computed.
grpc::ByteBuffer encode(const inference::ModelInferResponse &response, const Values &values, bool isLast) {
  inference::ModelStreamInferResponse message;
  message.set_error_message(values.text("error_message"));
  *message.mutable_infer_response() = response;
  const std::string final = values.text("final", isLast ? "true" : "false");
  if (final != "absent") {
    auto &parameters = *message.mutable_infer_response()->mutable_parameters();
    parameters["triton_final_response"].set_bool_param(final == "true");
  }
  std::string bytes = message.SerializeAsString();
  edit(bytes, values);
  return message_of(std::move(bytes));
}

/// An answer that only says that a request failed, as Triton gives it before a model has seen the request.
grpc::ByteBuffer refusal(const std::string &id, const std::string &text) {
  inference::ModelStreamInferResponse message;
  message.set_error_message(text);
  message.mutable_infer_response()->set_id(id);
  return message_of(message.SerializeAsString());
}

bool wants_empty_final(const inference::ModelInferRequest &request) {
  const auto found = request.parameters().find("triton_enable_empty_final_response");
  return found != request.parameters().end() && found->second.bool_param();
}

Answers answers_to(const inference::ModelInferRequest &request, Call &call) {
  Answers answers;
  inference::ModelInferResponse response;
  const grpc::Status status = infer(call, request, response);
  if (!status.ok()) {
    answers.last = refusal(request.id(), status.error_message());
    answers.remaining = 1;
    return answers;
  }
  answers.delay = std::chrono::milliseconds(call.values.number("delay_ms", 0));
  answers.end = status_asked_for(call.values, call.attempt);
  answers.hangs = call.values.flag("hangs");
  answers.remaining = call.values.number("answers", 1);
  const std::string final = call.values.text("final", "true");
  if (answers.remaining == 0 && final == "true" && !answers.end && wants_empty_final(request)) {
    response.clear_outputs();
    response.clear_raw_output_contents();
    answers.remaining = 1;
  }
  answers.ordinary = encode(response, call.values, false);
  answers.last = encode(response, call.values, true);
  return answers;
}

/// One operation is under way at any time: a read, a write, a pause, or nothing while the stream hangs.
class StreamCall final : public grpc::ServerGenericBidiReactor {
 public:
  StreamCall(grpc::GenericCallbackServerContext &context, Shared &shared)
      : context_(context), shared_(shared) {
    try {
      values_ = values_of_headers(context);
      decorate(context, values_);
      if (values_.flag("at_start")) {
        answers_.end = status_asked_for(values_, 1);
        answers_.hangs = values_.flag("hangs");
      }
    } catch (const std::exception &error) {
      answers_.end = grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, error.what());
    }
    go_on();
  }

  void OnReadDone(bool ok) override {
    if (!ok) return Finish(grpc::Status::OK);
    Call call{context_, shared_, values_};
    try {
      answers_ = answers_to(parse<inference::ModelInferRequest>(request_, "ModelStreamInfer"), call);
    } catch (const std::exception &error) {
      answers_ = Answers();
      answers_.last = refusal(call.id, error.what());
      answers_.remaining = 1;
    }
    id_ = call.id;
    go_on();
  }

  void OnWriteDone(bool ok) override {
    if (!ok) return Finish(grpc::Status(grpc::StatusCode::CANCELLED, "the caller is gone"));
    go_on();
  }

  void OnCancel() override {
    bool wasHanging = false;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      isCancelled_ = true;
      std::swap(wasHanging, isHanging_);
      if (isPausing_) pause_.cut_short();
    }
    if (wasHanging) Finish(grpc::Status::CANCELLED);
  }

  void OnDone() override {
    end_request();
    delete this;
  }

 private:
  /// Does what comes next: another answer, the end, or the next request.
  void go_on() {
    if (answers_.remaining > 0) {
      if (!pauses()) write();
    } else if (answers_.hangs) {
      hang();
    } else if (answers_.end) {
      Finish(*answers_.end);
    } else {
      end_request();
      StartRead(&request_);
    }
  }

  void write() {
    --answers_.remaining;
    StartWrite(answers_.remaining == 0 ? &answers_.last : &answers_.ordinary);
  }

  /// Whether the answer waits, which goes on by itself afterwards.
  bool pauses() {
    std::lock_guard<std::mutex> lock(mutex_);
    isPausing_ = answers_.delay.count() > 0 && !isCancelled_;
    if (!isPausing_) return false;
    pause_.begin(answers_.delay, [this] {
      {
        std::lock_guard<std::mutex> lock(mutex_);
        isPausing_ = false;
      }
      write();
    });
    return true;
  }

  /// Neither reads nor writes until the caller gives up.
  void hang() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      isHanging_ = !isCancelled_;
      if (isHanging_) return;
    }
    Finish(grpc::Status::CANCELLED);
  }

  void end_request() {
    shared_.log.end(id_, isCancelled_);
    id_.clear();
  }

  grpc::GenericCallbackServerContext &context_;
  Shared &shared_;
  Values values_;
  Answers answers_;
  std::string id_;
  grpc::ByteBuffer request_;

  std::mutex mutex_;
  Pause pause_;
  bool isPausing_ = false;
  bool isHanging_ = false;
  bool isCancelled_ = false;
};

}  // namespace

grpc::ServerGenericBidiReactor *start_stream_call(
    grpc::GenericCallbackServerContext &context, Shared &shared) {
  return new StreamCall(context, shared);
}
