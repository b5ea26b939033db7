// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#pragma once

#include <condition_variable>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "Inference.hpp"

/// A lane without a thread of its own: the end of each call starts the next one.
class Chain {
 public:
  using Reader = std::unique_ptr<grpc::ClientAsyncResponseReader<inference::ModelInferResponse>>;

  /// `start` begins a call of the chain and has `ended` called at its end. `finished` hears of the last one.
  Chain(const Phase &phase, const Payload &payload, std::function<void(Chain &)> start,
        std::function<void()> finished)
      : phase_(phase), payload_(payload), start_(std::move(start)), finished_(std::move(finished)) {}

  grpc::ClientContext &context() { return *context_; }
  const inference::ModelInferRequest &request() const { return request_; }
  inference::ModelInferResponse &response() { return *response_; }
  grpc::Status &status() { return status_; }
  Reader &reader() { return reader_; }

  void begin() {
    begin_ = Clock::now();
    reader_.reset();
    context_.emplace();
    response_ = std::make_shared<inference::ModelInferResponse>();
    fill(request_, payload_);
    start_(*this);
  }

  void ended() {
    try {
      check(status_, *response_, payload_, phase_.compares && lane.empty());
    } catch (...) {
      error = std::current_exception();
      finished_();
      return;
    }
    const auto now = Clock::now();
    lane.push_back(std::chrono::nanoseconds(now - begin_).count());
    if (phase_.goes_on(lane.size(), now)) {
      begin();
    } else {
      finished_();
    }
  }

  Lane lane;
  std::exception_ptr error;

 private:
  const Phase &phase_;
  const Payload &payload_;
  const std::function<void(Chain &)> start_;
  const std::function<void()> finished_;
  Clock::time_point begin_;
  std::optional<grpc::ClientContext> context_;
  /// The completion queue's reader. It lies in the call's memory, so it has to go before the context does.
  Reader reader_;
  inference::ModelInferRequest request_;
  std::shared_ptr<inference::ModelInferResponse> response_;
  grpc::Status status_;
};

/// Runs a phase with one chain a lane.
inline std::vector<Lane> run_chains(const Phase &phase, const Payload &payload,
                                    const std::function<void(Chain &)> &start) {
  std::mutex mutex;
  std::condition_variable all_finished;
  int running = phase.lanes;
  std::vector<std::unique_ptr<Chain>> chains;
  for (int index = 0; index < phase.lanes; ++index) {
    chains.push_back(std::make_unique<Chain>(phase, payload, start, [&] {
      std::lock_guard<std::mutex> lock(mutex);
      if (--running == 0) all_finished.notify_one();
    }));
  }
  for (auto &chain : chains) chain->begin();
  std::unique_lock<std::mutex> lock(mutex);
  all_finished.wait(lock, [&] { return running == 0; });
  std::vector<Lane> lanes;
  for (auto &chain : chains) {
    if (chain->error) std::rethrow_exception(chain->error);
    lanes.push_back(std::move(chain->lane));
  }
  return lanes;
}
